"""Every key that the schemas know, with what is said of it, and the smallest file that has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.editors.language_server import CURSOR
from tests.schema_walk.walk import DOCUMENTS, SHARED, absolute, children, schemas

Schema = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A key: the file it stands in, the way there (`*` is a name of the user's own, `[]` an item), its description."""

    file: str
    way: tuple[str, ...]
    description: str

    @property
    def place(self) -> str:
        return f"{self.file}: {'.'.join(self.way)}"

    @property
    def hovered(self) -> str:
        """A file with this key alone, and the cursor on it."""
        name = _name(self.way[-1])
        return f"{self._above}{name[0]}{CURSOR}{name[1:]}:\n"

    @property
    def awaited(self) -> str:
        """A file in which this key could come next, at the cursor."""
        return f"{self._above}{CURSOR}\n"

    @property
    def _above(self) -> str:
        first = "" if self.way == ("version",) else "version: 1\n"
        return first + "".join(_lines(self.way[:-1])) + _indent(self.way[:-1])


def _lines(way: tuple[str, ...]) -> Iterator[str]:
    for depth, step in enumerate(way):
        if step != "[]":
            yield f"{_indent(way[:depth])}{_name(step)}:\n"


def _indent(way: tuple[str, ...]) -> str:
    """White space down to here; an item of a list begins with its sign."""
    text = "  " * len(way)
    return f"{text[:-2]}- " if way[-1:] == ("[]",) else text


def _name(step: str) -> str:
    return "name-of-mine" if step == "*" else step


def described() -> tuple[Key, ...]:
    """All keys of both files; what both may hold is walked in the definitions alone."""
    documents = schemas()
    walks = {title: _Walk(documents, title) for title in DOCUMENTS}
    return tuple(key for title, walk in walks.items() for key in walk.below(documents[DOCUMENTS[title]]))


class _Walk:
    def __init__(self, documents: dict[str, Schema], title: str) -> None:
        self._documents = documents
        self._title = title
        self._skipped = SHARED if title == "reconciler.yaml" else frozenset()

    def below(self, node: Schema, way: tuple[str, ...] = (), above: tuple[str, ...] = ()) -> Iterator[Key]:
        """The keys below a node; a definition inside itself is not walked again."""
        file = above[-1].partition("#")[0] if above else DOCUMENTS[self._title]
        target = absolute(node.get("$ref", ""), file)
        if target and target not in {*above, *self._skipped}:
            name, _, key = target.partition("#/$defs/")
            yield from self.below(self._documents[name]["$defs"][key], way, (*above, target))
        for name, child in children(node):
            there = (*way, name) if name else way
            if name not in ("", "[]"):
                yield Key(file=self._title, way=there, description=child["description"])
            yield from self.below(child, there, above)
