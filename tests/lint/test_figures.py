"""Rules that go by the data: each at its limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commandline import AS_OF, Ran, run, write_csv
from tests.conftest import Writer

VIEWERS = """\
segments:
  viewers: { who: { event: view, within: 3d } }
  others: { who: { event: leave } }
audiences: { all: { include: [viewers], exclude: [others] } }
"""


def shop(write_workspace: Writer, viewers: int, lint: str, definitions: str = VIEWERS, **settings: str) -> Path:
    """Ten people; so many of them looked at something a day ago."""
    root = write_workspace(definitions, settings=f"lint: {{ {lint} }}\n", **settings)
    write_csv(root / "customers.csv", [{"customer_id": n, "email": f"person{n}@example.com"} for n in range(10)])
    seen = [{"customer_id": n, "event": "view", "occurred_at": "2026-11-20T18:00:00Z"} for n in range(viewers)]
    write_csv(
        root / "events.csv", [{"customer_id": 99, "event": "leave", "occurred_at": "2026-11-20T18:00:00Z"}, *seen]
    )
    return root


def lint(root: Path, rule: str, *more: str) -> Ran:
    done = run("-w", root, "lint", "--rule", rule, "--data", "--as-of", AS_OF, *more)
    assert done.stderr == ""
    return done


@pytest.mark.parametrize(("viewers", "told"), [(4, False), (5, False), (6, True)])
def test_a_giant_is_more_than_the_share(viewers: int, told: bool, write_workspace: Writer) -> None:
    """Exactly the share is none yet."""
    said = lint(shop(write_workspace, viewers, "giant_share: 50%"), "RL301").stdout
    assert ("holds 60% of all who can be reached (6 of 10); 50% is the most" in said) is told


@pytest.mark.parametrize(("viewers", "told"), [(0, True), (2, True), (3, False)])
def test_a_list_is_too_small_below_the_limit(viewers: int, told: bool, write_workspace: Writer) -> None:
    """An empty one too; what is only excluded may be as small as it likes."""
    said = lint(shop(write_workspace, viewers, "min_members: 3"), "RL302").stdout
    assert (f"segment.viewers: holds {viewers}; below 3 Criteo" in said) is told
    assert "segment.others" not in said


def test_a_list_outside_its_period_is_not_too_small(write_workspace: Writer) -> None:
    """It is empty on purpose."""
    active = VIEWERS.replace("within: 3d }", "within: 3d }, active: { to: 2026-10-31 }")
    assert "RL302" not in lint(shop(write_workspace, 5, "min_members: 3", active), "RL302").stdout


def test_without_data_what_is_expected_counts(write_workspace: Writer) -> None:
    """With data only what is there."""
    expected = VIEWERS.replace("within: 3d }", "within: 3d }, expected_members: { at_most: 2 }")
    root = shop(write_workspace, 5, "min_members: 3", expected)
    assert "is expected to hold 2 at most" in run("-w", root, "lint", "--rule", "RL302").stdout
    assert "RL302" not in lint(root, "RL302").stdout


@pytest.mark.parametrize(("window", "told"), [("25h", False), ("24h", False), ("23h", True)])
def test_a_feed_that_is_older_than_the_list_is_slow(window: str, told: bool, write_workspace: Writer) -> None:
    """The newest event is a day old; the settings alone would trust it."""
    text = VIEWERS.replace("within: 3d", f"within: {window}")
    root = shop(write_workspace, 5, "min_members: 3", text)
    settings = root / "reconciler.yaml"
    fresh = settings.read_text(encoding="utf-8").replace(
        "time: occurred_at", "time: occurred_at, fresh_within: { view: 1h }"
    )
    settings.write_text(fresh, encoding="utf-8")
    assert ("the newest event is 24h old (`view`)" in lint(root, "RL204").stdout) is told
    assert "RL204" not in run("-w", root, "lint", "--rule", "RL204").stdout


def test_an_ignore_of_a_rule_that_needs_data_is_judged_with_data(write_workspace: Writer) -> None:
    """Without it nobody can tell whether it ignores something."""
    root = shop(write_workspace, 5, "min_members: 3, ignore: { giant-segment: It is meant to be one }")
    assert "RL001" not in run("-w", root, "lint").stdout
    assert "RL301 giant-segment is ignored here and finds nothing here" in lint(root, "RL001").stdout


@pytest.mark.parametrize(
    ("column", "said"),
    [("event", "there are `leave`, `view`"), ("customer_id", "there are 3 kinds of events")],
)
def test_kinds_are_named_where_they_are_words(column: str, said: str, write_workspace: Writer) -> None:
    """A wrong column may hold anything, and its values are not shown."""
    root = shop(write_workspace, 2, "min_members: 3")
    settings = root / "reconciler.yaml"
    text = settings.read_text(encoding="utf-8").replace("name: event", f"name: {column}")
    settings.write_text(text, encoding="utf-8")
    assert f"no event is taken for a purchase; {said}\n" in lint(root, "RL107").stdout


def test_a_clock_goes_with_data(write_workspace: Writer) -> None:
    """Without data nothing depends on it, so it is a slip."""
    done = run("-w", shop(write_workspace, 1, "min_members: 3"), "lint", "--as-of", AS_OF)
    assert (done.code, done.stdout) == (64, "")
    assert "--as-of goes with --data" in done.stderr


def test_data_that_does_not_fit_is_told_as_everywhere(write_workspace: Writer) -> None:
    """A missing file ends with 78."""
    root = shop(write_workspace, 1, "min_members: 3")
    (root / "events.csv").unlink()
    done = run("-w", root, "lint", "--data")
    assert (done.code, done.stdout) == (78, "")


def test_no_address_is_ever_shown(write_workspace: Writer) -> None:
    """Text of the workspace that looks like one is struck out, as in a plan."""
    root = write_workspace(
        'segments: { a: { name: "ann@example.com", who: { event: b } } }\n',
        settings="lint: { names: { segments: x } }\n",
    )
    for style in ("text", "json", "github"):
        assert "ann@" not in run("-w", root, "lint", "--format", style).said
