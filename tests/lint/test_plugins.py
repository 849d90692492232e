"""Rules of packages that are installed beside us."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.lint.rule import Hit
from reconciler.lint.rules import RULES
from tests.cli.commandline import Criteo, environment, point_to, pretend_criteo, process, run, write_csv
from tests.conftest import Writer

BARE = "segments: { winback: { owner: somebody, who: { event: purchase } } }\n"
MODULE = (Path(__file__).parents[2] / "docs" / "lint" / "README.md").read_text(encoding="utf-8")
EXAMPLE = MODULE.partition("```python\n")[2].partition("```")[0]
"""The plugin that the documents show."""


def install(site: Path, text: str = EXAMPLE, names: str = "acme = acme_rules:RULES") -> Path:
    """A package as pip leaves it: a module, and what it says about itself."""
    info = site / "acme_rules-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "acme_rules.py").write_text(text, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[reconciler.lint_rules]\n{names}\n", encoding="utf-8")
    return site


def linted(root: Path, site: Path, monkeypatch: pytest.MonkeyPatch, *more: str) -> tuple[int, list[dict[str, Any]]]:
    """Exit code and findings with a package on the path; its module is forgotten after."""
    with monkeypatch.context() as patched:
        patched.syspath_prepend(site)
        patched.delitem(__import__("sys").modules, "acme_rules", raising=False)
        done = run("-w", root, "lint", "--format", "json", *more)
        __import__("sys").modules.pop("acme_rules", None)
    assert done.stderr == ""
    return done.code, json.loads(done.stdout)["findings"]


def test_an_installed_package_brings_rules(tmp_path: Path, write_workspace: Writer) -> None:
    """A process that finds the package tells its findings, and explains its rule like one of ours."""
    root, site = write_workspace(BARE), install(tmp_path / "site")
    path = f"{environment()['PYTHONPATH']}:{site}"
    done = process("-w", root, "lint", "--rule", "acme-owner", env=environment(PYTHONPATH=path))
    assert (done.code, done.stderr) == (1, "")
    assert "definitions.yaml:2:24: error ACME001 acme-owner\n  segment.winback: somebody is nobody\n" in done.stdout
    page = process("lint", "--explain", "ACME001", env=environment(PYTHONPATH=path))
    assert (page.code, page.stdout.splitlines()[0]) == (0, "# ACME001 acme-owner")


def test_its_rules_are_ignored_and_weighed_like_ours(
    tmp_path: Path, write_workspace: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the package the ignore works; without it there is no such rule."""
    root = write_workspace(BARE, settings="lint: { ignore: { acme-owner: We like it } }\n")
    assert "acme-owner" not in {each["name"] for each in linted(root, install(tmp_path / "site"), monkeypatch)[1]}
    code, findings = linted(root, tmp_path / "empty", monkeypatch)
    assert (code, "unknown-rule" in {each["name"] for each in findings}) == (1, True)


BROKEN = {
    "it fails when imported": ("raise ValueError('secret')", "importing it failed with ValueError"),
    "its module has no such name": ("", "importing it failed with AttributeError"),
    "it brings something else": ("RULES = ['RL900']", "it names a value of type str"),
    "it brings nothing": ("RULES = []", "it brings no rule"),
    "it takes our id": (EXAMPLE.replace("ACME001", "RL501"), "there is another rule RL501"),
    "its id is none": (EXAMPLE.replace("ACME001", "acme-1"), "an id is two to eight capital letters"),
    "its rule fails": (EXAMPLE.replace("for segment in", "raise KeyError('secret')\n    for segment in"), "KeyError"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_plugin_is_told_and_stops_nobody(
    case: str, tmp_path: Path, write_workspace: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an error that names the plugin and why, never its own words; our rules have looked all the same."""
    text, why = BROKEN[case]
    code, findings = linted(write_workspace(BARE), install(tmp_path / "site", text), monkeypatch)
    (told,) = [each for each in findings if each["rule"] == "RL003"]
    assert code == 1
    assert "acme = acme_rules:RULES (acme-rules)" in told["message"]
    assert why in told["message"]
    assert "secret" not in json.dumps(findings)
    assert "missing-description" in {each["name"] for each in findings}


@pytest.fixture
def criteo(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A pretend Criteo."""
    with pretend_criteo() as criteo:
        point_to(criteo, monkeypatch)
        yield criteo


def test_a_plan_goes_on_beside_a_broken_plugin(
    tmp_path: Path, write_workspace: Writer, monkeypatch: pytest.MonkeyPatch, criteo: Criteo
) -> None:
    """It tells the plugin, and ends as it would without."""
    root = write_workspace(BARE)
    write_csv(root / "customers.csv", [{"customer_id": 1, "email": "person1@example.com"}])
    write_csv(root / "events.csv", [{"customer_id": 1, "event": "purchase", "occurred_at": "2026-11-20T12:00:00Z"}])
    with monkeypatch.context() as patched:
        patched.syspath_prepend(install(tmp_path / "site", "raise ValueError('secret')"))
        done = run("-w", root, "plan", "--as-of", "2026-11-21T18:00:00Z")
    assert (done.code, done.stderr) == (0, "")
    assert "error RL003 broken-rule: workspace the lint plugin `acme = acme_rules:RULES" in done.stdout


def test_a_rule_of_ours_that_fails_stops_nobody(write_workspace: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug is told as one; all other rules have looked."""

    def failing(_: object) -> Iterable[Hit]:
        raise KeyError("secret")

    rules = (*RULES, replace(RULES[-1], id="RL998", name="failing", check=failing))
    monkeypatch.setattr("reconciler.lint.registry.RULES", rules)
    done = run("-w", write_workspace(BARE), "lint")
    assert (done.code, done.stderr) == (1, "")
    assert "the rule RL998 failed with KeyError: this is a bug in reconciler" in done.stdout
    assert "missing-description" in done.stdout
    assert "secret" not in done.stdout
