from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Writer

ROOT = Path(__file__).parents[2]
BAD = ROOT / "tests" / "config" / "bad"
CASES = ["condition-circle", "settings-not-supported-yet", "yaml-tab", "slice-overlap", "file-key-in-two-files"]


def reconciler(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "reconciler", *map(str, arguments)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_a_valid_workspace_is_counted_on_one_line() -> None:
    """The sample is found without an option, and what is valid stands on stdout."""
    done = reconciler("validate")
    expected = "Workspace sample-retention is valid: 17 published segments, 19 lists, 14 audiences.\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, expected, "")


@pytest.mark.parametrize("case", CASES)
def test_problems_go_to_stderr_with_exit_78(case: str) -> None:
    """A broken workspace gives its problems, nothing on stdout, and never a traceback."""
    done = reconciler("validate", cwd=BAD / case)
    assert (done.returncode, done.stdout) == (78, "")
    assert done.stderr == (BAD / case / "expected.txt").read_text(encoding="utf-8")


def test_the_workspace_may_be_named_before_or_after_the_command() -> None:
    """`-w` means the same on both sides, and the later one wins."""
    place = BAD / "yaml-tab"
    before, after = reconciler("-w", place, "validate"), reconciler("validate", "--workspace", place)
    assert (before.returncode, before.stderr) == (after.returncode, after.stderr)
    assert before.stderr.splitlines()[1] == "tests/config/bad/yaml-tab/segments.yaml:3:1: a tab; indent with spaces"
    assert reconciler("-w", place, "validate", "-w", "audiences").returncode == 0


def test_problems_can_be_read_by_programs() -> None:
    """With `--log-format json` the error is one JSON object, each problem with its place."""
    done = reconciler("validate", "--log-format", "json", cwd=BAD / "condition-circle")
    record = json.loads(done.stderr)
    assert (done.returncode, record["exit_code"], record["summary"]) == (78, 78, "The workspace is invalid.")
    assert record["problems"][0] == {
        "file": "segments.yaml",
        "line": 3,
        "column": 24,
        "path": "segments.a.who.segment",
        "message": "a segment can't be part of its own definition: a -> b -> c -> a",
    }


def test_where_there_is_no_workspace_it_says_so(tmp_path: Path) -> None:
    """A folder without reconciler.yaml is no workspace."""
    done = reconciler("validate", cwd=tmp_path)
    assert done.returncode == 78
    assert "reconciler.yaml:1:1: is missing; it makes a folder a workspace" in done.stderr


SEGMENT = """\
version: 1
segments:
  carts-NUMBER:
    name: Carts NUMBER
    description: Put something in the cart and has not bought since
    owner: retention
    slices: [hot, warm]
    who:
      all:
        - { event: [cart_added, checkout_started], latest: true, within: slice, not_followed_by: purchase }
        - { event: purchase, times: { at_least: 2 } }
      none:
        - segment: buyers
audiences:
  carts-NUMBER: { include: [carts-NUMBER.hot], exclude: [buyers], ad_sets: ["NUMBER"] }
"""


def test_a_thousand_files_are_one_workspace(write_workspace: Writer) -> None:
    """Definitions may be spread over as many files as a team likes."""
    shared = "windows: { hot: 4h, warm: 4h..24h }\nsegments: { buyers: { who: { event: purchase } } }\n"
    root = write_workspace(shared, **{f"{n}.yaml": SEGMENT.replace("NUMBER", str(n)) for n in range(1000)})
    done = reconciler("validate", "-w", root)
    assert done.stdout == "Workspace acme-retention is valid: 1001 published segments, 2001 lists, 1000 audiences.\n"
