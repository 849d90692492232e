"""What a plan says of lint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.cli.commandline import AS_OF, ROOT, Criteo, Ran, point_to, pretend_criteo, run, write_csv
from tests.conftest import Writer

SEGMENT = "segments: { winback: { who: { event: purchase } } }\n"
IGNORED = "lint: { ignore: { missing-owner: Everybody owns it }, severity: { RL502: error, RL504: info } }\n"


@pytest.fixture
def criteo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Criteo]:
    """A pretend Criteo."""
    with pretend_criteo() as criteo:
        point_to(criteo, monkeypatch)
        yield criteo


@pytest.fixture
def workspace(write_workspace: Writer, criteo: Criteo) -> Path:
    """One buyer, and a segment that nobody owns."""
    root = write_workspace(SEGMENT, settings=IGNORED)
    write_csv(root / "customers.csv", [{"customer_id": 1, "email": "person1@example.com"}])
    write_csv(root / "events.csv", [{"customer_id": 1, "event": "purchase", "occurred_at": "2026-11-20T12:00:00Z"}])
    return root


def plan(root: Path, style: str) -> Ran:
    done = run("-w", root, "plan", "--as-of", AS_OF, "--format", style, "--detailed-exitcode")
    assert (done.code, done.stderr) == (2, "")
    return done


def test_the_text_shows_findings_and_ignores(workspace: Path) -> None:
    """Before the last two lines, which stay as they are: what weighs, how much more there is, and each reason."""
    text = plan(workspace, "text").stdout
    section = text.partition("\nLint\n")[2].partition("\n\n")[0].splitlines()
    file = workspace / "definitions.yaml"
    assert section[0].startswith("  error RL502 missing-description: segment.winback has no description (")
    assert section[0].endswith(f"{file.name}:2:13)")
    assert section[1] == "  1 info; what to do: reconciler lint"
    assert section[2] == "  ignored RL501 missing-owner: Everybody owns it (segment.winback)"
    assert [line[:5] for line in text.splitlines()[-2:]] == ["Plan:", "Membe"]


def test_the_comment_folds_them(workspace: Path) -> None:
    """The counts are in the title, and nothing of it is Markdown by accident."""
    text = plan(workspace, "markdown").stdout
    section = text.partition("<details><summary>Lint: 1 error, 1 info, 1 ignored</summary>")[2].partition("</details>")[
        0
    ]
    assert "- error RL502 missing-description: segment.winback has no description" in section
    assert "- ignored RL501 missing-owner: Everybody owns it (segment.winback)" in section


def test_the_document_has_them_by_its_schema(workspace: Path) -> None:
    """Findings, ignores and counts, as `lint --format json` has them."""
    document = json.loads(plan(workspace, "json").stdout)
    schema = json.loads((ROOT / "schemas" / "plan.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)
    linted = run("-w", workspace, "lint", "--data", "--as-of", AS_OF, "--format", "json")
    expected = json.loads(linted.stdout)
    assert document["lint"] == {key: expected[key] for key in ("summary", "findings", "ignored")}
    assert expected["with_data"] is True


def test_a_long_list_is_cut(workspace: Path) -> None:
    """Twenty findings are shown, those that weigh most first, and how many there are beside."""
    segments = "".join(f"  s{n}: {{ who: {{ event: purchase }} }}\n" for n in range(25))
    (workspace / "definitions.yaml").write_text(f"version: 1\nsegments:\n{segments}", encoding="utf-8")
    section = plan(workspace, "text").stdout.partition("\nLint\n")[2].partition("\n\n")[0].splitlines()
    assert [line for line in section[:20] if not line.startswith("  error RL502")] == []
    assert section[20].endswith("more and 25 infos; what to do: reconciler lint")


def test_an_apply_says_nothing_of_it(workspace: Path) -> None:
    """What was reviewed is carried out."""
    done = run("-w", workspace, "apply", "--as-of", AS_OF, "--auto-approve")
    assert done.code == 0
    assert "RL50" not in done.said
