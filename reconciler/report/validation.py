"""What `validate` found, for people, for programs, and as annotations of a pull request on GitHub."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from reconciler.errors import Problem
from reconciler.model.validation import Counts, Validation
from reconciler.report.annotations import annotation

FORMAT_VERSION = "1.0"


def render_validation_text(found: Validation) -> str:
    """One sentence: what is valid, or how much there is to mend."""
    if not found.is_valid:
        return f"The workspace is invalid: {_told(found)}."
    fits = " and fits its data" if found.with_data else ""
    counts = f": {_counted(found.counts)}" if found.counts else ""
    warned = f" With {_told(found)}." if found.problems else ""
    return f"Workspace {found.workspace} is valid{fits}{counts}.{warned}"


def render_validation_json(found: Validation) -> str:
    """The findings as `schemas/validation.schema.json` describes them."""
    document = {
        "format_version": FORMAT_VERSION,
        "valid": found.is_valid,
        "workspace": found.workspace,
        "with_data": found.with_data,
        "counts": asdict(found.counts) if found.counts else None,
        "problems": [_to_json(problem) for problem in found.problems],
        "untold": found.untold,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def render_validation_github(found: Validation, in_checkout: Callable[[str], str]) -> str:
    """A workflow command for each problem, and a sentence; `in_checkout` turns the name of a file into its path within
    the checkout, which is what GitHub takes.
    """
    lines = [_command(problem, in_checkout) for problem in found.problems]
    return "\n".join([*lines, render_validation_text(found)]) + "\n"


def _told(found: Validation) -> str:
    warnings = sum(problem.severity == "warning" for problem in found.problems)
    errors = len(found.problems) - warnings
    told = [_count(number, noun) for number, noun in ((errors, "problem"), (warnings, "warning")) if number]
    return " and ".join([*told, *([f"{found.untold} more"] if found.untold else [])])


def _counted(counts: Counts) -> str:
    own = [f"{counts.criteo_segments} of Criteo's own"] if counts.criteo_segments else []
    told = (
        _count(counts.segments, "published segment"),
        _count(counts.lists, "list"),
        *own,
        _count(counts.audiences, "audience"),
    )
    return ", ".join(told)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _to_json(problem: Problem) -> dict[str, Any]:
    placed = bool(problem.file)
    return {
        "severity": problem.severity,
        "file": problem.file if placed else None,
        "line": problem.line if placed else None,
        "column": problem.column if placed else None,
        "path": problem.path,
        "message": problem.message,
        "suggestion": problem.suggestion,
    }


def _command(problem: Problem, in_checkout: Callable[[str], str]) -> str:
    """The message says the place again: the log of the run shows nothing else of it."""
    where = {"title": "reconciler"}
    if problem.file:
        file = in_checkout(problem.file)
        where = {"file": file, "line": str(problem.line), "col": str(problem.column), **where}
    path = f"{problem.path}: " if problem.path else ""
    place = f"{problem.file}:{problem.line}:{problem.column}: " if problem.file else ""
    return annotation(problem.severity, where, place + path + problem.message)
