"""What a workspace says about lint: ignores, weights, choices."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.commandline import ROOT, run
from tests.conftest import Writer

SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas" / "lint.schema.json").read_text(encoding="utf-8")))
BARE = "segments: { winback: { who: { event: purchase } } }\n"


def found(root: Path, *more: str, code: int = 0) -> dict[str, Any]:
    """The document of a lint as JSON."""
    done = run("-w", root, "lint", "--format", "json", *more)
    assert (done.code, done.stderr) == (code, "")
    document: dict[str, Any] = json.loads(done.stdout)
    SCHEMA.validate(document)
    return document


def rules(document: dict[str, Any], part: str = "findings") -> list[str]:
    return sorted(each["name"] for each in document[part])


def test_an_ignore_keeps_a_finding_apart_with_its_reason(write_workspace: Writer) -> None:
    """Of a segment by name, of the workspace by id: told under `ignored`, and no finding any more."""
    ignored = "who: { event: purchase }, lint: { ignore: { missing-owner: Everybody owns it } }"
    root = write_workspace(
        BARE.replace("who: { event: purchase }", ignored),
        settings="lint: { ignore: { RL502: Names say enough } }\n",
    )
    document = found(root)
    assert not {"missing-owner", "missing-description", "unused-ignore"} & {*rules(document)}
    assert rules(document, "ignored") == ["missing-description", "missing-owner"]
    assert sorted(each["reason"] for each in document["ignored"]) == ["Everybody owns it", "Names say enough"]
    assert document["summary"]["ignored"] == 2


def test_an_ignore_reaches_no_further_than_where_it_stands(write_workspace: Writer) -> None:
    """That of one segment says nothing of another one whose key begins alike."""
    one = "who: { event: purchase }, lint: { ignore: { missing-owner: Everybody owns it } }"
    root = write_workspace(f"segments: {{ win: {{ {one} }}, winback: {{ who: {{ event: purchase }} }} }}\n")
    told = [each["address"] for each in found(root)["findings"] if each["name"] == "missing-owner"]
    assert told == ["segment.winback"]


@pytest.mark.parametrize("said", ["criteo: { in_market: { country: FR } }", 'criteo_id: "8812"'])
def test_a_segment_of_criteos_may_say_so_too(said: str, write_workspace: Writer) -> None:
    """Of one that Criteo knows alone an ignore stands beside what it is, and is told with its reason."""
    one = f"{said}, lint: {{ ignore: {{ unused-segment: The audience comes next week }} }}"
    document = found(write_workspace(f"segments: {{ market: {{ {one} }} }}\n"))
    assert rules(document, "ignored") == ["unused-segment"]
    assert "unused-ignore" not in rules(document)


def test_a_reason_must_be_given(write_workspace: Writer) -> None:
    """An ignore without one is no workspace."""
    done = run("-w", write_workspace(BARE, settings='lint: { ignore: { RL502: " " } }\n'), "lint")
    assert done.code == 78
    assert "lint.ignore.RL502: says nothing; leave it out" in done.stderr


def test_a_rule_can_weigh_more_or_less(write_workspace: Writer) -> None:
    """The workspace's severity decides, also about the exit code."""
    root = write_workspace(BARE, settings="lint: { severity: { missing-owner: error, RL502: info } }\n")
    document = found(root, "--rule", "RL50", code=1)
    weights = {each["name"]: each["severity"] for each in document["findings"]}
    assert (weights["missing-owner"], weights["missing-description"]) == ("error", "info")


def test_only_chosen_rules_look(write_workspace: Writer) -> None:
    """`select` takes ids, names and the beginning of ids."""
    for words in ("[RL501]", "[missing-owner]"):
        root = write_workspace(BARE, settings=f"lint: {{ select: {words} }}\n")
        assert rules(found(root)) == ["missing-owner"]
    root = write_workspace(BARE, settings="lint: { select: [RL5] }\n")
    assert rules(found(root)) == ["missing-description", "missing-owner", "unused-segment"]


@pytest.mark.parametrize("where", ["select: [RL9]", "severity: { RL9: error }", "ignore: { RL9: because }"])
def test_a_rule_that_does_not_exist_is_an_error(where: str, write_workspace: Writer) -> None:
    """Wherever it is named, with its place, whatever rules were chosen."""
    root = write_workspace(BARE, settings=f"lint: {{ {where} }}\n")
    told = [each for each in found(root, code=1)["findings"] if each["name"] == "unknown-rule"]
    assert [(each["line"], each["address"]) for each in told] == [(7, "workspace")]


def test_findings_can_be_narrowed(write_workspace: Writer) -> None:
    """To addresses, also by pattern, and to rules; a rule that does not exist is a wrong command line."""
    root = write_workspace(BARE + "audiences: { all: { include: [winback] } }\n")
    assert {each["address"] for each in found(root, "--rule", "RL5")["findings"]} == {"segment.winback", "audience.all"}
    for pattern in ("audience.all", "audience.*"):
        document = found(root, "--rule", "RL5", "--select", pattern)
        assert {each["address"] for each in document["findings"]} == {"audience.all"}
    nobody = run("-w", root, "lint", "--select", "segment.winbak")
    assert (nobody.code, nobody.stdout) == (64, "")
    assert "nothing has the address 'segment.winbak'; did you mean 'segment.winback'?" in nobody.stderr
    wrong = run("-w", root, "lint", "--rule", "missing-ownr")
    assert (wrong.code, wrong.stdout) == (64, "")
    assert "did you mean `missing-owner`?" in wrong.stderr


def test_github_gets_each_finding_at_its_line(write_workspace: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Warnings and errors as such, infos as notices, with what to do."""
    root = write_workspace(BARE, settings="lint: { severity: { missing-owner: error, RL502: info } }\n")
    monkeypatch.chdir(root)
    lines = run("-w", ".", "lint", "--rule", "RL5", "--format", "github").stdout.splitlines()
    place = "file=definitions.yaml,line=2,col=13,title"
    assert lines[0] == (
        f"::error {place}=RL501 missing-owner::definitions.yaml:2:13: segment.winback: has no owner. "
        "Say who answers: `owner: TEAM`."
    )
    assert [line.partition("::definitions")[0] for line in lines[1:3]] == [
        f"::notice {place}=RL502 missing-description",
        f"::warning {place}=RL504 unused-segment",
    ]


def test_a_wrong_workspace_is_not_linted(write_workspace: Writer) -> None:
    """What is invalid is told first, as validate does."""
    done = run("-w", write_workspace("segments: { winback: { who: { evnt: purchase } } }\n"), "lint")
    assert (done.code, done.stdout) == (78, "")
    assert "unknown key `evnt`" in done.stderr


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("names: { segments: '(' }", "lint.names.segments: is no regular expression"),
        ("vips: [vip]", "lint.vips[0]: there is no segment `vip`"),
        ("country: XX", "lint.country: `XX` is no country"),
        ("widest_window: long", "lint.widest_window: `long` is no duration"),
        ("giant_share: 120%", "lint.giant_share: is more than 100%"),
        ("giant: 1", "lint.giant: unknown key `giant`"),
    ],
)
def test_settings_are_checked(setting: str, said: str, write_workspace: Writer) -> None:
    """Each is told where it stands."""
    done = run("-w", write_workspace(BARE, settings=f"lint: {{ {setting} }}\n"), "validate")
    assert done.code == 78
    assert said in done.stderr


def test_lint_is_a_setting(write_workspace: Writer) -> None:
    """It stands in reconciler.yaml; a file of definitions is told so."""
    done = run("-w", write_workspace(BARE + "lint: { select: [RL5] }\n"), "validate")
    assert "`lint` is a setting; settings stand in reconciler.yaml only" in done.stderr
