"""`reconciler test --suggest`: a first test of a segment, which passes as it is printed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reconciler.config.load import load
from reconciler.explain.conditions import clauses_of
from reconciler.model.workspace import Workspace
from tests.cli.commandline import ROOT, run
from tests.conftest import Writer
from tests.testing.conftest import Tester

SAMPLE = load(ROOT / "audiences")
KEYS = [segment.key for segment in SAMPLE.segments]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample without its own tests."""
    root = tmp_path_factory.mktemp("sample") / "audiences"
    shutil.copytree(ROOT / "audiences", root, ignore=shutil.ignore_patterns("tests", ".*", "data"))
    return root


def leaves(workspace: Workspace, key: str) -> set[str]:
    segment = next(each for each in workspace.segments if each.key == key)
    part = segment.slices[0].name if segment.slices else None
    return {each.text for each in clauses_of(workspace, key, part).walk() if each.is_leaf}


def test_what_is_suggested_covers_each_condition_and_passes(workspace: Path) -> None:
    """Of every segment of the sample: somebody belongs, for each condition somebody just does not, and pasted as they
    are printed all of them pass.
    """
    for key in KEYS:
        suggested = run("-w", workspace, "test", "--suggest", key)
        assert suggested.code == 0, suggested.said
        comments = [line.strip() for line in suggested.stdout.splitlines() if line.strip().startswith("# ")]
        for text in leaves(SAMPLE, key):
            told = (f"# just fails: {text}", f"# is kept out by: {text}")
            assert any(line.startswith(told) for line in comments), (key, text)
        assert ": []" not in suggested.stdout.split("expect:")[1], key
        (workspace / f"suggested-{key}.yaml").write_text(suggested.stdout, encoding="utf-8")
    done = run("-w", workspace, "test")
    for key in KEYS:
        (workspace / f"suggested-{key}.yaml").unlink()
    assert done.code == 0, done.said
    assert f"{len(KEYS)} tests: all passed" in done.stdout


def test_the_suggested_test_is_one_that_notices(workspace: Path) -> None:
    """Another bound in the definition fails what was suggested for the old one."""
    suggested = run("-w", workspace, "test", "--suggest", "browsers-keen")
    (workspace / "suggested.yaml").write_text(suggested.stdout, encoding="utf-8")
    file = workspace / "segments" / "browsing.yaml"
    text = file.read_text(encoding="utf-8")
    try:
        for old, new in (("times: { at_least: 3 }", "times: { at_least: 2 }"), ("within: 3d }", "within: 4d }")):
            file.write_text(text.replace(old, new), encoding="utf-8")
            assert run("-w", workspace, "test").code == 1, new
    finally:
        file.write_text(text, encoding="utf-8")


def test_who_fails_one_condition_meets_the_others(write_workspace: Writer) -> None:
    """Each condition that is loosened is noticed by itself, also where one event serves two of them."""
    spent = "{{ event: purchase, total: {{ of: amount, at_least: {} }} }}"
    conditions = {
        "{ event: purchase, latest: true, within: 60d..120d }": "{ event: purchase, latest: true, within: 59d..120d }",
        "{ event: purchase, times: { at_least: 2 } }": "{ event: purchase }",
        spent.format(100): spent.format(99),
    }
    root = write_workspace(_all_of(list(conditions)))
    (root / "tests.yaml").write_text(run("-w", root, "test", "--suggest", "back").stdout, encoding="utf-8")
    assert run("-w", root, "test").code == 0
    for strict, loose in conditions.items():
        changed = [loose if each == strict else each for each in conditions]
        (root / "definitions.yaml").write_text("version: 1\n" + _all_of(changed), encoding="utf-8")
        assert run("-w", root, "test").code == 1, loose


def _all_of(conditions: list[str]) -> str:
    return "segments:\n  back:\n    who:\n      all:\n" + "".join(f"        - {each}\n" for each in conditions)


def test_several_sources_have_rows_of_their_own(tester: Tester, tmp_path: Path) -> None:
    """Events stand under the table that has their kind, and the time column is `ago`."""
    root = tmp_path / "workspace"
    tester()
    suggested = run("-w", root, "test", "--suggest", "interested")
    assert "        events.csv:\n" in suggested.stdout
    (root / "tests.yaml").write_text(suggested.stdout, encoding="utf-8")
    assert run("-w", root, "test").code == 0


def test_an_unknown_segment_is_refused_with_the_nearest_name(workspace: Path) -> None:
    """Exit code 64, and what was meant."""
    done = run("-w", workspace, "test", "--suggest", "vip")
    assert done.code == 64
    assert "Did you mean `vips`?" in done.stderr
    assert run("-w", workspace, "test", "--suggest", "vips", "--watch").code == 64
