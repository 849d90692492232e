"""The one entry point of the stage: a folder → a checked workspace, or everything that is wrong with it."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from reconciler.config import files
from reconciler.config.apart import read_approvals, read_exclusive
from reconciler.config.audiences import read_always_exclude, read_audiences, read_removed
from reconciler.config.collisions import check_names
from reconciler.config.context import Context
from reconciler.config.lint import read_lint
from reconciler.config.nodes import Node
from reconciler.config.offers import read_offers
from reconciler.config.outline import outline
from reconciler.config.parse import parse
from reconciler.config.problems import Problems
from reconciler.config.references import check_references
from reconciler.config.segments import read_segments
from reconciler.config.settings import read_settings
from reconciler.config.structure import check_structure
from reconciler.config.tests import read_tests
from reconciler.config.values import read_window
from reconciler.model.time import Window
from reconciler.model.workspace import Workspace

_MAPS = ("windows", "segments", "audiences", "removed", "exclusive", "offers", "tests")

Maps = dict[str, dict[str, Node]]
Lists = dict[str, list[Node]]


def load(root: Path) -> Workspace:
    """Read and check the workspace in a folder. Raises WorkspaceInvalid with all its problems."""
    with _without_collecting():
        return _load(root)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """The tree of a workspace is kept until it is read: to look for garbage in it again and again takes a sixth."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _load(root: Path) -> Workspace:
    problems = Problems()
    paths = files.find(root, problems)
    if root / files.SETTINGS not in paths:
        problems.add_at(
            files.display(root / files.SETTINGS),
            1,
            1,
            "is missing; it makes a folder a workspace, and `reconciler init` writes one",
        )
        raise problems.error()
    is_whole = not problems
    documents = [_read(path, problems) for path in paths]
    sound = [document for document in documents if document is not None]
    for document in sound:
        check_structure(document, problems, is_settings=document is documents[0])
    maps = _merge(sound, problems)
    lists = {
        "approvals": [node for document in sound for node in _items("approvals", document)],
        "exclusive": [document.find(["exclusive"]) for document in sound if _items("exclusive", document)],
    }
    # What a file would have defined is not known while it can't be read: names are not looked up then.
    is_whole = is_whole and sum(isinstance(document.value, dict) for document in sound) == len(paths)
    settings = documents[0]
    workspace = _build(settings, root, maps, lists, problems) if settings is not None and is_whole else None
    if problems or workspace is None:
        raise problems.error()
    return workspace


def _read(path: Path, problems: Problems) -> Node | None:
    text = files.read(path, problems)
    return None if text is None else parse(text, files.display(path), problems)


def _merge(documents: list[Node], problems: Problems) -> Maps:
    """The definitions of all files, each under its key."""
    return {name: _merge_one(name, documents, problems) for name in _MAPS}


def _merge_one(name: str, documents: list[Node], problems: Problems) -> dict[str, Node]:
    """One map of all files; a key defined twice is told with both places."""
    found: dict[str, Node] = {}
    for document in documents:
        entries = document.find([name]).entries() if name in document else ()
        for key, node in entries:
            first = found.setdefault(key, node)
            if first is not node:
                message = f"is defined twice, first at {first.file}:{first.key_line}:{first.key_column}"
                problems.add(node, message, at_key=True)
    return found


def _items(name: str, document: Node) -> Sequence[Node]:
    """The items of a list that every file may have."""
    node = document.get(name)
    return node.items() if node is not None and isinstance(node.value, list) else ()


def _build(document: Node, root: Path, maps: Maps, lists: Lists, problems: Problems) -> Workspace | None:
    context = Context(
        problems=problems,
        root=root,
        outline=outline(document),
        windows={key: _window(node, problems) for key, node in maps["windows"].items()},
        segments=maps["segments"],
    )
    settings = read_settings(document, root, context)
    segments, references = read_segments(context)
    check_references(references, problems)
    always = read_always_exclude(document.get("always_exclude"), segments, context)
    ladders = read_offers(maps["offers"], context)
    audiences = read_audiences(maps["audiences"], always, segments, ladders, context)
    check_names(segments, audiences, maps, problems)
    removed = read_removed(maps["removed"], segments, audiences, context)
    lint = read_lint(document.get("lint"), context)
    exclusive = read_exclusive(maps["exclusive"], lists["exclusive"], segments, context)
    approved = read_approvals(lists["approvals"], segments, context)
    tests = read_tests(maps["tests"], settings.source if settings else None, segments, audiences, context)
    if settings is None:
        return None
    return Workspace(
        settings=settings,
        segments=tuple(segments[key] for key in sorted(segments) if not segments[key].is_criteos),
        criteo_segments=tuple(segments[key] for key in sorted(segments) if segments[key].is_criteos),
        audiences=tuple(audiences[key] for key in sorted(audiences)),
        removed=removed,
        offers=tuple(ladders.values()),
        exclusive=exclusive,
        approvals=approved,
        tests=tests,
        always_exclude=always,
        lint=lint,
        columns=MappingProxyType(context.columns),
        conditions=MappingProxyType(context.conditions),
        mentions=context.mentions(),
    )


def _window(node: Node, problems: Problems) -> Window | None:
    return None if problems.broken(node) else read_window(node, problems)
