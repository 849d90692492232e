"""A case for a key: two workspaces that differ in that key alone, and what of a run must differ with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from tests.cli.commandline import AS_OF, Criteo, run

Files = Mapping[str, str]
Shown = Literal[
    "exit",
    "requests",
    "members",
    "resources",
    "blocks",
    "steps",
    "source",
    "calls",
    "unchanged",
    "notes",
    "sent",
    "lint",
]
"""The exit code, what the emulator was asked, what its lists hold then, how many belong to each list, or a part of the
plan as JSON.
"""


_OPTIONS = {
    "plan": ("--as-of", AS_OF, "--format", "json"),
    "apply": ("--as-of", AS_OF, "--auto-approve"),
    "test": (),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """A segment's `who` in two versions, told apart by how many it holds.

    All of them are planned together: the first versions in one workspace, the second ones in another.
    """

    variants: tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """`file` holds the key, in the two versions of `variants`; `files` are the rest of the workspace.

    `earlier` are files as they were at an apply before; `command` is what is run and looked at.
    """

    shows: Shown
    file: str
    variants: tuple[str, str]
    files: Files = field(default_factory=dict)
    earlier: Files | None = None
    command: Literal["plan", "apply", "test"] = "plan"


def observed(case: Case, variant: str, root: Path, criteo: Criteo) -> Any:
    """Run a variant of a case in an empty folder, on an empty Criteo, and answer what the case looks at."""
    files = {**case.files, case.file: variant}
    if case.earlier is not None:
        _write(root, {**files, **case.earlier})
        before = run("-w", root, "apply", "--as-of", AS_OF, "--auto-approve")
        assert before.code == 0, before.said
    _write(root, files)
    seen = len(criteo.requests())
    done = run("-w", root, case.command, *_OPTIONS[case.command])
    assert "bug in reconciler" not in done.stderr, done.stderr
    if case.shows == "exit":
        return done.code
    if case.shows == "requests":
        return [(each["method"], each["path"], each["identifiers"]) for each in criteo.requests()[seen:]]
    assert done.code in (0, 3), done.said
    if case.shows == "sent":
        return {name: sorted(criteo.members(name)) for name in criteo.names()}
    plan = json.loads(done.stdout)
    if case.shows == "members":
        return {each["address"]: each["wanted"] for each in plan["members"]}
    return plan[case.shows]


def _write(root: Path, files: Files) -> None:
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")


def differences(case: Case | Condition) -> set[tuple[str, ...]]:
    """The paths at which the two variants differ, as far down as both have something there."""
    one, other = (yaml.load(text, yaml.BaseLoader) for text in case.variants)  # noqa: S506 - reads text only
    above = ("segments", "chosen", "who") if isinstance(case, Condition) else ()
    return set(_differing(one, other, above))


def _differing(one: Any, other: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            yield from _differing(one.get(key), other.get(key), (*path, key))
    elif _holds_one_map(one) and _holds_one_map(other):
        yield from _differing(one[0], other[0], (*path[:-1], path[-1] + "[]"))
    elif one != other:
        yield path


def _holds_one_map(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict)


def names(key: str, path: tuple[str, ...]) -> bool:
    """Whether a path is that key, or lies below it: `segments.*.name` names `segments.vips.name`."""
    pattern = key.split(": ")[1].split(".")
    return len(path) >= len(pattern) and all(map(_means, pattern, path))


def _means(step: str, part: str) -> bool:
    return step in ("*", part) or (step == "*[]" and part.endswith("[]"))
