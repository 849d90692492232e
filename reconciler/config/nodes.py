"""The tree of a YAML file, with the place of every key and value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciler.config.scalars import Plain, shown
from reconciler.model.settings import Place

_WORD = re.compile(r"[A-Za-z_*][\w-]*")


@dataclass(slots=True, eq=False, repr=False)
class Node:
    """One value: a scalar, a list of nodes or a mapping of keys to nodes. Lines and columns count from 1.

    `key` is its name or its number in the parent; `key_line` and `key_column` are where the key stands (for an item of
    a list: where the item does). `raw` is the text of a scalar as written, `quoted` whether it had quotes.
    """

    file: str
    line: int
    column: int
    parent: Node | None = None
    key: str | int = ""
    key_line: int = 0
    key_column: int = 0
    value: Plain | list[Node] | dict[str, Node] = field(default=None)
    raw: str = ""
    quoted: bool = False
    _path: str | None = None

    @property
    def path(self) -> str:
        """The key inside the document, such as `segments.cart.who.all[0].event`."""
        if self._path is None:
            above = self.parent.path if self.parent is not None else ""
            self._path = (above + _step(self.key)).removeprefix(".") if self.parent is not None else ""
        return self._path

    @property
    def place(self) -> Place:
        """Where the value stands."""
        return Place(file=self.file, line=self.line, column=self.column, path=self.path)

    @property
    def key_place(self) -> Place:
        """Where the key stands."""
        return Place(file=self.file, line=self.key_line, column=self.key_column, path=self.path)

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def get(self, key: str) -> Node | None:
        """The value under a key; None where there is none, or this is no mapping."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def entries(self) -> Iterator[tuple[str, Node]]:
        """Keys and values of a mapping; nothing where it is none."""
        yield from self.value.items() if isinstance(self.value, dict) else ()

    def items(self) -> Sequence[Node]:
        """The items of a list; a value that is no list counts as a list of itself."""
        return self.value if isinstance(self.value, list) else (self,)

    def find(self, path: Sequence[str | int]) -> Node:
        """The node at a path of keys and numbers, as far as it exists."""
        node = self
        for key in path:
            node = node._child(key)
        return node

    def _child(self, key: str | int) -> Node:
        if isinstance(self.value, list) and isinstance(key, int):
            return self.value[key]
        return self.value.get(str(key), self) if isinstance(self.value, dict) else self

    def plain(self) -> Any:
        """The same as plain Python values, for the schema."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if _WORD.fullmatch(key) else f"[{json.dumps(shown(key), ensure_ascii=False)}]"
