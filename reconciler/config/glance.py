"""The names in a workspace at a glance, whatever else is wrong with it: what a shell can offer while somebody types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.config import files
from reconciler.config.nodes import Node
from reconciler.config.parse import parse
from reconciler.config.problems import Problems


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """Each name with what it is called at Criteo, or with nothing. `lists` are segments, or their slices."""

    segments: Mapping[str, str]
    lists: Mapping[str, str]
    audiences: Mapping[str, str]


def glance(root: Path) -> Names:
    """The names in the files that can be read; nothing is checked, and nothing is raised."""
    documents = tuple(_documents(root))
    segments = {key: _title(node) for key, node in _entries(documents, "segments")}
    return Names(
        segments=segments,
        lists={name: segments[key] for key, node in _entries(documents, "segments") for name in _lists(key, node)},
        audiences={key: _title(node) for key, node in _entries(documents, "audiences")},
    )


def _documents(root: Path) -> Iterator[Node]:
    problems = Problems()
    for path in files.find(root, problems):
        text = files.read(path, problems)
        node = None if text is None else parse(text, files.display(path), problems)
        if node is not None:
            yield node


def _entries(documents: tuple[Node, ...], name: str) -> Iterator[tuple[str, Node]]:
    for document in documents:
        found = document.get(name)
        yield from found.entries() if found is not None else ()


def _title(node: Node) -> str:
    name = node.get("name")
    return name.raw if name is not None else ""


def _lists(key: str, node: Node) -> tuple[str, ...]:
    """The lists of a published segment: itself, or one for each slice."""
    publish, slices = node.get("publish"), node.get("slices")
    if publish is not None and publish.value is False:
        return ()
    return tuple(f"{key}.{each.raw}" for each in slices.items()) if slices is not None else (key,)
