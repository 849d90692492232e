"""The wrong workspaces that `validate` is tested with: what the schemas find in them, an editor marks too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reconciler.config import files
from reconciler.config.editors import FOLDER, mode_line
from reconciler.config.parse import parse
from reconciler.config.problems import Problems
from reconciler.config.structure import check_structure
from reconciler.errors import WorkspaceInvalid
from tests.cli.commandline import ROOT
from tests.editors.language_server import LanguageServer

WRONG = ROOT / "tests" / "config" / "bad"
ELSEWHERE = {"condition-not-followed-by-alone/segments.yaml": {5}}
"""Where the server marks the key that a mapping stands under, and the mapping itself begins a line below it."""


def structural(path: Path) -> set[int]:
    """The lines in which a file breaks a rule of its schema; none where it can't be read at all."""
    problems = Problems()
    text = files.read(path, problems)
    document = parse(text, path.name, problems) if text is not None else None
    if document is None or problems:
        return set()
    check_structure(document, problems, is_settings=path.name == files.SETTINGS)
    found: WorkspaceInvalid = problems.error()
    return {problem.line for problem in found.problems}


def mistakes() -> Iterator[tuple[Path, set[int]]]:
    """Every file with such lines."""
    for path in sorted(WRONG.rglob("*.yaml")):
        lines = structural(path)
        if lines:
            yield path, lines


def test_an_editor_marks_what_the_schemas_find(server: LanguageServer, workspace: Path) -> None:
    """In the same line, whatever the mistake, and always in words."""
    opened = {}
    for path, lines in mistakes():
        first = mode_line(workspace / path.name, workspace / FOLDER)
        opened[path] = (server.open(path.name, f"{first}\n{path.read_text(encoding='utf-8')}"), lines)
    missed: dict[str, set[int]] = {}
    for path, (uri, lines) in opened.items():
        marks = server.complaints(uri)
        left = lines - {line - 1 for line, _ in marks}
        missed |= {str(path.relative_to(WRONG)): left} if left else {}
    assert sum(len(lines) for _, lines in opened.values()) > 100
    assert missed == ELSEWHERE
