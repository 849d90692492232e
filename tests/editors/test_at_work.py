"""Somebody at work in an editor: what is offered, what is explained, and what is marked as wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.config.editors import FOLDER, mode_line
from tests.cli.commandline import ROOT, run
from tests.editors.language_server import LanguageServer
from tests.test_docs import DOCUMENTS, blocks

SHIPPED = sorted([*(ROOT / "audiences").rglob("*.yaml"), *(ROOT / "docs" / "example").rglob("*.yaml")])


def named(name: str, text: str, workspace: Path) -> tuple[str, str]:
    """A file of the workspace that begins with the line for it."""
    return name, f"{mode_line(workspace / name, workspace / FOLDER)}\n{text}"


OFFERED = {
    "maps at the top": ("a.yaml", "version: 1\n‸\n", {"windows", "segments", "audiences", "removed"}),
    "a whole segment": ("segments/a.yaml", "version: 1\nsegments:\n  ‸\n", {"A segment", "A suppression list"}),
    "a whole test": ("a.yaml", "version: 1\ntests:\n  ‸\n", {"A test"}),
    "keys of a segment": (
        "a.yaml",
        "version: 1\nsegments:\n  a:\n    name: A\n    ‸\n",
        {"who", "slices", "active", "expected_members"},
    ),
    "conditions in a group": (
        "deep/er/a.yaml",
        "version: 1\nsegments:\n  a:\n    who:\n      all:\n        - ‸\n",
        {"event", "attribute", "ratio", "An event within a window", "The latest event, and nothing after it"},
    ),
    "what goes with an event": (
        "a.yaml",
        "version: 1\nsegments:\n  a:\n    who:\n      event: purchase\n      ‸\n",
        {"within", "where", "times", "total", "not_followed_by"},
    ),
    "ways to write a window": (
        "a.yaml",
        "version: 1\nsegments:\n  a:\n    who:\n      event: purchase\n      within: ‸\n",
        {"7d", "4h..24h", "slice"},
    ),
    "what becomes of a resource": (
        "a.yaml",
        "version: 1\nremoved:\n  segment.a:\n    contents: ‸\n",
        {"drain", "keep"},
    ),
    "settings": ("reconciler.yaml", "version: 1\n‸\n", {"workspace", "advertiser", "source", "guards", "segments"}),
    "engines": ("reconciler.yaml", "version: 1\nsource:\n  engine: ‸\n", {"duckdb", "postgres", "spark"}),
    "forms of addresses": (
        "reconciler.yaml",
        "version: 1\ncriteo:\n  email_form: ‸\n",
        {"sha256", "md5", "sha256_of_md5"},
    ),
}


@pytest.mark.parametrize("place", OFFERED)
def test_what_can_follow_is_offered(place: str, server: LanguageServer, workspace: Path) -> None:
    """Keys, values and whole pieces, in files of any folder, by a schema that is read from the workspace."""
    name, text, expected = OFFERED[place]
    assert expected <= server.completions(*named(name, text, workspace)).keys()


def test_what_stands_there_already_is_not_offered(server: LanguageServer, workspace: Path) -> None:
    """A key is there once."""
    text = "version: 1\nsegments:\n  a:\n    name: A\n    ‸\n"
    assert "name" not in server.completions(*named("a.yaml", text, workspace))


def test_a_whole_piece_is_right_as_it_is(server: LanguageServer, workspace: Path) -> None:
    """The table of the customers is offered with the keys that it must have, and a plain name is inserted as one."""
    offered = server.completions(*named("reconciler.yaml", "version: 1\nsource:\n  customers:\n    ‸\n", workspace))
    assert offered["table"] == "table: ${1:data/customers.parquet}"
    assert offered["customers"].startswith("table: ${1:data/customers.parquet}\nkey: ${2:customer_id}\nidentifiers:")


EXPLAINED = {
    "a map": ("a.yaml", "version: 1\nseg‸ments:\n", ["Each becomes a contact list at Criteo"]),
    "who": (
        "a.yaml",
        "version: 1\nsegments: { a: { w‸ho: { everyone: true } } }\n",
        ["one leaf (`event`, `attribute`,"],
    ),
    "a window": (
        "a.yaml",
        "version: 1\nsegments: { a: { who: { event: purchase, wit‸hin: 7d } } }\n",
        ["`4h..24h` or `120d..`", "The end is not part of it.", "```yaml\n7d\n```"],
    ),
    "a condition in groups": (
        "a.yaml",
        "version: 1\nsegments: { a: { who: { all: [ { any: [ { event: b, lat‸est: true } ] } ] } } }\n",
        ["Picks each person's latest such event"],
    ),
    "a choice": (
        "reconciler.yaml",
        "version: 1\ncriteo: { email_f‸orm: md5 }\n",
        ["Default: `sha256`.", "* `sha256_of_md5`: SHA-256 of the MD5, written in lower-case hex."],
    ),
    "a guard": ("reconciler.yaml", "version: 1\nguards: { max_g‸one: 20% }\n", ["Default: `30%`."]),
    "a name of one's own": ("a.yaml", "version: 1\nwindows: { h‸ot: 4h }\n", ["`a..b`, `a..` without an end"]),
    "an opt-out": (
        "a.yaml",
        "version: 1\naudiences: { a: { always_exclude: { except: { buyers‸: cross-sell } } } }\n",
        ["Why this audience may reach them."],
    ),
}


@pytest.mark.parametrize("place", EXPLAINED)
def test_what_stands_there_is_explained(place: str, server: LanguageServer, workspace: Path) -> None:
    """Meaning, default, choices and examples, with code shown as code."""
    name, text, expected = EXPLAINED[place]
    shown = server.hover(*named(name, text, workspace))
    assert [words for words in expected if words not in shown] == []


MARKED = {
    "a misspelt key": ("segments: { a: { hwo: { everyone: true } } }", "Property hwo is not allowed."),
    "a missing key": ("audiences: { a: { exclude: [b] } }", 'Missing property "include".'),
    "a misspelt word": ("removed: { segment.a: { contents: drian } }", 'Valid values: "drain", "keep".'),
    "an id without quotes": (
        "audiences: { a: { include: [b], ad_sets: [700123] } }",
        'Incorrect type. Expected "string".',
    ),
    "an id of letters": (
        'audiences: { a: { include: [b], ad_sets: ["x7"] } }',
        "must be an id of Criteo: digits, in quotes",
    ),
    "a name in capitals": (
        "segments: { Buyers: { who: { everyone: true } } }",
        "names are in lower case: a letter, then letters, digits or `-`",
    ),
    "two leaves": (
        "segments: { a: { who: { event: purchase, segment: b } } }",
        "does not go with what stands beside it: a condition is a group (`all`, `any`, `none`) or one leaf",
    ),
    "a comparison alone": (
        "segments: { a: { who: { where: { b: 1 } } } }",
        "Object is missing property event required by property where.",
    ),
    "a date that is none": (
        "segments: { a: { who: { everyone: true }, active: { from: 1.11.2026 } } }",
        "must be a date such as 2026-11-01",
    ),
    "a window that is none": (
        "segments: { a: { who: { event: purchase, within: 7days } } }",
        "is no window: write `4h..24h`, `120d..`, or `7d` for `0h..7d`, or a window's name",
    ),
    "an age that is none": (
        "segments: { a: { who: { attribute: joined_on, older_than: 1 year } } }",
        "is no duration: write a number and `m` (minutes), `h`, `d` or `w`, such as 4h",
    ),
    "a suppression list without a reason": (
        "segments: { a: { purpose: suppression, who: { everyone: true } } }",
        "Object is missing property reason required by property purpose.",
    ),
}


@pytest.mark.parametrize("mistake", MARKED)
def test_a_mistake_is_marked(mistake: str, server: LanguageServer, workspace: Path) -> None:
    """In its line, while somebody types, in words that say what is wanted."""
    text, expected = MARKED[mistake]
    opened = server.open(*named("a.yaml", f"version: 1\nwindows: {{ hot: 4h }}\n{text}\n", workspace))
    found = server.complaints(opened)
    assert [line for line, message in found if expected in message] == [4], found


def right_ones() -> Iterator[tuple[str, str, str]]:
    """Every YAML that we show as right: where, under which name, and its text."""
    for path in SHIPPED:
        yield str(path.relative_to(ROOT)), path.name, path.read_text(encoding="utf-8")
    for path in DOCUMENTS:
        for block in blocks(path):
            if block.info in {"yaml workspace", "yaml definitions", "yaml query", "yaml tests"}:
                name = "reconciler.yaml" if block.info == "yaml workspace" else "definitions.yaml"
                yield f"{path.relative_to(ROOT)}:{block.line}", name, block.text


def test_nothing_right_is_marked(server: LanguageServer, workspace: Path) -> None:
    """The sample, the examples and every block of the documents are without a complaint."""
    opened = {}
    for place, name, text in right_ones():
        lines = [line for line in text.splitlines() if not line.startswith("# yaml-language-server:")]
        opened[place] = server.open(*named(name, "\n".join(lines) + "\n", workspace))
    assert len(opened) > 20
    assert [(place, *each) for place, uri in opened.items() for each in server.complaints(uri)] == []


def test_a_schema_that_is_missing_is_told(server: LanguageServer) -> None:
    """The claim above can fail: without its schema, a file is marked."""
    opened = server.open("a.yaml", "# yaml-language-server: $schema=nowhere/none.schema.json\nversion: 1\n")
    ((_, message),) = server.complaints(opened)
    assert "Unable to load schema" in message


def test_a_new_workspace_is_ready_for_an_editor(server: LanguageServer, workspace: Path) -> None:
    """What `init` writes names its schemas, brings them along, and is without a complaint; its keys are explained."""
    assert run("init", workspace / "new", "--yes").code == 0
    written = sorted((workspace / "new").rglob("*.yaml"))
    opened = {path: server.open(str(path.relative_to(workspace)), path.read_text(encoding="utf-8")) for path in written}
    assert len(opened) > 1
    assert {path.name: server.complaints(uri) for path, uri in opened.items() if server.complaints(uri)} == {}
    settings = workspace / "new" / "reconciler.yaml"
    text = settings.read_text(encoding="utf-8").replace("\nadvertiser", "\nadv‸ertiser")
    assert "The id of the advertiser at Criteo" in server.hover(str(settings.relative_to(workspace)), text)
