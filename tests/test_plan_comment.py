"""The comment on a pull request: found again, honest about failure, and never longer than GitHub takes."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parent.parent / ".github" / "scripts" / "plan_comment.py"
URL = "https://example.com/runs/1"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("plan_comment", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def body(script: ModuleType, plan: str, *, validated: str = "success", exit_code: str = "0") -> str:
    text: str = script.comment(plan, commit="0123abc", validated=validated, exit_code=exit_code, url=URL)
    return text


def test_a_plan_that_fits_is_shown_whole(script: ModuleType) -> None:
    """Marker first, then what was planned, then the plan as it is."""
    expected = f"<!-- reconciler plan -->\nPlan of `audiences/` at 0123abc, by [this run]({URL}).\n\nNo changes.\n"

    assert expected == body(script, "No changes.\n")


@pytest.mark.parametrize(
    ("validated", "exit_code", "notice"),
    [
        ("success", "3", "A guard blocks part of this plan."),
        ("success", "78", "The workspace is invalid"),
        ("success", "1", "No plan could be made."),
        ("success", "", "No plan could be made."),
        ("failure", "", "The workspace is invalid"),
    ],
)
def test_what_went_wrong_is_said_on_top(script: ModuleType, validated: str, exit_code: str, notice: str) -> None:
    """A reader of the comment alone never takes a failure for an empty plan; what was planned is still shown."""
    text = body(script, "the plan\n", validated=validated, exit_code=exit_code)

    assert notice in text
    assert text.endswith("the plan\n")


@pytest.mark.parametrize("line", ["+ segment.winback\n", "segment é\n", "x"])
def test_a_plan_that_is_too_long_is_cut_loudly(script: ModuleType, line: str) -> None:
    """The body stays within the limit, counted in bytes too, and says how much is missing and where it is."""
    plan = line * 70_000

    text = body(script, plan, exit_code="3")

    assert len(text.encode()) <= script.LIMIT
    assert "bytes are missing" in text
    assert f"{len(plan.encode()):,}" in text
    assert text.rstrip().endswith("as the file `plan.md`.")


def test_what_the_cut_leaves_open_is_closed(script: ModuleType) -> None:
    """The notice would be invisible inside a fold or a code block."""
    start = "<details>\n\n```diff\n"
    end = "```\n</details>\n"

    shown, _, notice = body(script, start + "- 1\n" + end + start + "+ 1\n" * 70_000 + end).partition(
        "\n\n> [!CAUTION]"
    )

    assert notice
    assert shown.count("```") == 4
    assert shown.count("</details>") == 2
    assert shown.endswith("+ 1\n```\n</details>")


def test_it_runs_as_the_workflow_runs_it(tmp_path: Path) -> None:
    """From the command line, with an empty plan where none was made."""
    (tmp_path / "plan.md").touch()
    given = {"COMMIT": "0123abc", "VALIDATED": "failure", "EXIT_CODE": "", "RUN_URL": URL}

    done = subprocess.run(
        [sys.executable, SCRIPT, tmp_path / "plan.md"],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.startswith("<!-- reconciler plan -->\n")
    assert "The workspace is invalid" in done.stdout
