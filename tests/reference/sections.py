"""The mappings of the language, each once, with their keys: what the reference is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.schema_walk.walk import DOCUMENTS, Schema, absolute, children, schemas

_TITLES = {
    "segments.KEY.who": "A condition",
    "segments.KEY.who.where.COLUMN": "A comparison",
    "segments.KEY.who.ratio.of": "A figure",
}
_OWN = {"where": "COLUMN", "fresh_within": "KIND", "removed": "ADDRESS", "except": "KEY"}
"""What a name of the user's own is called, where it is no key."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One key: its name, its schema with all that it refers to, and where its own keys are told, if it has any."""

    name: str
    meant: Schema
    required: bool
    section: str | None


@dataclass(slots=True)
class Section:
    """One mapping: the way to it, and its keys."""

    way: str
    description: str
    rows: list[Row] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Its heading."""
        return _TITLES.get(self.way, f"`{self.way}`")


class _Meant(NamedTuple):
    """A schema with what it refers to, the file where that stands, and the last reference: what makes it the same."""

    node: Schema
    file: str
    known: str


class _Walk:
    """Finds every mapping once, in the order of reading; one that is meant at several places is told at the first."""

    def __init__(self) -> None:
        self._documents = schemas()
        self._told: dict[str, str] = {}
        self.sections: list[Section] = []

    def document(self, title: str) -> None:
        """The mapping that a whole file is, and all below it."""
        file = DOCUMENTS[title]
        node = self._documents[file]
        self._section(title, node, file, node["description"])

    def _section(self, way: str, node: Schema, file: str, description: str) -> None:
        section = Section(way, description)
        self.sections.append(section)
        for name, child in self._keys(node):
            own = _OWN.get(way.rpartition(".")[2], "KEY") if name == "*" else name
            below = own if way in DOCUMENTS else f"{way}.{own}"
            required = name in self._required(node)
            told = self._below(below, child, file, child.get("description", ""))
            section.rows.append(Row(name=name, meant=self._meant(child, file).node, required=required, section=told))

    def _keys(self, node: Schema) -> Iterator[tuple[str, Schema]]:
        for name, child in children(node):
            if name == "":
                yield from self._keys(child)
            elif name != "[]":
                yield name, child

    @staticmethod
    def _required(node: Schema) -> set[str]:
        return {*node.get("required", ()), *node.get("then", {}).get("required", ())}

    def _meant(self, node: Schema, file: str) -> _Meant:
        known = ""
        while "$ref" in node:
            known = absolute(node["$ref"], file)
            file, _, key = known.partition("#/$defs/")
            rest = {name: value for name, value in node.items() if name != "$ref"}
            node = {**self._documents[file]["$defs"][key], **rest}
        return _Meant(node, file, known)

    def _below(self, way: str, node: Schema, file: str, description: str) -> str | None:
        """The section of the mapping that a value, or an item of it, may be; None where it is none."""
        meant = self._meant(node, file)
        if not any(self._keys(meant.node)):
            items = next((child for name, child in self._parts(meant.node) if name == "[]"), None)
            return self._below(way, items, meant.file, description) if items is not None else None
        told = self._told.get(meant.known) if meant.known else None
        if told is None:
            self._told[meant.known] = told = way
            self._section(way, meant.node, meant.file, description)
        return told

    def _parts(self, node: Schema) -> Iterator[tuple[str, Schema]]:
        for name, child in children(node):
            yield from self._parts(child) if name == "" else [(name, child)]


def sections() -> list[Section]:
    """Every mapping of the language: those of reconciler.yaml, then those of the definitions."""
    walk = _Walk()
    for title in DOCUMENTS:
        walk.document(title)
    return walk.sections
