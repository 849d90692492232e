"""Every rule, through the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.model.lint import Severity
from tests.lint.workspaces import FOLDER, RULES, lint, made, text

TRIPPED = sorted(set(RULES) - {"RL003"})
"""A broken rule is no workspace's doing: see `test_plugins`."""


@pytest.mark.parametrize("rule", TRIPPED)
def test_a_workspace_trips_it(rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told with its place, what is so and what to do; an error ends with 1, all else with 1 where strict."""
    monkeypatch.chdir(made(rule, "trips", tmp_path))
    done, strict = lint(RULES[rule]), lint(RULES[rule], "--strict")
    assert (done.stderr, done.stdout) == ("", (FOLDER / rule / "trips" / "expected.txt").read_text(encoding="utf-8"))
    severity = RULES[rule].severity
    assert (done.code, strict.code) == (severity is Severity.ERROR, severity is not Severity.INFO)


@pytest.mark.parametrize("rule", TRIPPED)
def test_another_does_not(rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is much like it and right is not told."""
    monkeypatch.chdir(made(rule, "passes", tmp_path))
    done = lint(RULES[rule], "--strict")
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith("Lint: 0 errors, 0 warnings, 0 infos; 0 ignored with a reason.")


@pytest.mark.parametrize("rule", TRIPPED)
def test_what_its_page_shows_is_in_these_workspaces(rule: str) -> None:
    """The wrong example stands in the workspace that trips it, the better one in the other."""
    wrong, right = (" ".join(example.split()) for example in (RULES[rule].wrong, RULES[rule].right))
    assert wrong
    assert wrong in text(rule, "trips")
    assert right
    assert right in text(rule, "passes")


def test_no_case_is_left_over() -> None:
    """Every folder is of a rule."""
    assert sorted(path.name for path in FOLDER.iterdir()) == TRIPPED
