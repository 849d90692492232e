"""The exit code of an apply or a sync, when several things happened in one run."""

from __future__ import annotations

import pytest

from reconciler.cli.carrying_out import exit_code
from reconciler.errors import NotAuthorised, PartlyApplied


def test_rights_come_before_a_signal() -> None:
    """Whoever runs it again must mend the rights first: 7 before 130."""
    with pytest.raises(NotAuthorised):
        exit_code(NotAuthorised("No right."), 130, blocked=True)


def test_a_signal_comes_before_what_it_left_undone() -> None:
    """130 and 143 before 6, and before 3."""
    assert exit_code(PartlyApplied("Some."), 143, blocked=True) == 143


@pytest.mark.parametrize(("blocked", "code"), [(True, 3), (False, 0)])
def test_a_whole_run_tells_what_was_blocked(blocked: bool, code: int) -> None:
    """Nothing failed and nobody stopped it: 3 when a guard held something back, else 0."""
    assert exit_code(None, 0, blocked=blocked) == code


def test_what_is_not_done_comes_before_what_is_blocked() -> None:
    """6 before 3."""
    with pytest.raises(PartlyApplied):
        exit_code(PartlyApplied("Some."), 0, blocked=True)
