"""The end of an apply in words."""

from __future__ import annotations

from reconciler.model.address import Address
from reconciler.report.outcome import Ended, render_outcome

A, B = Address("segment.a"), Address("segment.b")


def test_what_is_not_done_is_named() -> None:
    """Each with its reason, by what became of it, and the counts at the end."""
    ends = [
        Ended(A, "add members", "done"),
        Ended(A, "remove members", "failed", "Criteo refused it"),
        Ended(B, "add members", "unknown"),
        Ended(B, "create segment", "failed"),
    ]

    expected = (
        "Failed:\n"
        "  remove members of segment.a: Criteo refused it\n"
        "  create segment of segment.b\n"
        "\n"
        "Unknown:\n"
        "  add members of segment.b\n"
        "\n"
        "Apply: 1 done, 2 not done, 1 unknown.\n"
    )
    assert expected == render_outcome(ends)


def test_a_whole_apply_is_one_line() -> None:
    """There is nothing to list."""
    assert render_outcome([Ended(A, "add members", "done")]) == "Apply: 1 done, 0 not done, 0 unknown.\n"


def test_a_reason_shows_nobodys_address() -> None:
    """Reasons may come from elsewhere."""
    assert "ann@" not in render_outcome([Ended(A, "add members", "failed", "no ann@example.com")])
