"""One YAML file → its tree. Stricter than YAML: nothing that a reader of the file could take for something else."""

from __future__ import annotations

import yaml

from reconciler.config.nodes import Node
from reconciler.config.problems import Problems
from reconciler.config.scalars import FORBIDDEN, MAX_DIGITS, typed

MAX_DEPTH = 32
"""How deep lists and mappings may be nested."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WORDS = {
    "mapping values are not allowed in this context": "a `: ` where no key can be; check the indentation or quote it",
    "did not find expected key": "expected a key here; check the indentation, and the quotes before it",
    "could not find expected ':'": "expected a `:` after the key",
    "did not find expected ',' or '}'": "expected a `,` or `}` here",
    "did not find expected ',' or ']'": "expected a `,` or `]` here",
    "did not find expected '-' indicator": "expected a `-` here; check the indentation",
    "did not find expected alphabetic or numeric character": "a text that begins with `*` or `&` needs quotes",
    "block sequence entries are not allowed in this context": "a `- ` where no list can begin; begin it on a new line",
    "found unexpected end of stream": "the quoted text that begins here never ends",
    "found unexpected ':'": "a `:` needs a space after it",
    "found undefined tag handle": "tags (`!`) are not supported; put the text in quotes",
}


def parse(text: str, file: str, problems: Problems) -> Node | None:
    """The tree of a file's text, or None where it can't be read at all; what is wrong goes to `problems`."""
    composer = _Composer(text, file, problems)
    try:
        return composer.document()
    except yaml.MarkedYAMLError as error:
        line, column = _position(error)
        problems.add_at(file, line, column, _explain(error, text, line, column))
    except _TooDeep as error:
        problems.add(error.node, f"is nested more than {MAX_DEPTH} deep")
    return None


def _position(error: yaml.MarkedYAMLError) -> tuple[int, int]:
    ends_early = error.problem == "found unexpected end of stream" and error.context_mark
    mark = error.context_mark if ends_early else error.problem_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _explain(error: yaml.MarkedYAMLError, text: str, line: int, column: int) -> str:
    words = error.problem or "can't be read"
    if "cannot start any token" in words:
        lines = text.splitlines()
        char = lines[line - 1][column - 1 : column] if line <= len(lines) else ""
        return "a tab; indent with spaces" if char == "\t" else f"a text that begins with `{char}` needs quotes"
    return _WORDS.get(words, f"is not valid YAML: {words}")


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


class _TooDeep(Exception):
    def __init__(self, node: Node) -> None:
        super().__init__()
        self.node = node


class _Composer:
    """Builds nodes from the parser's events; only events tell an alias from what it stands for."""

    def __init__(self, text: str, file: str, problems: Problems) -> None:
        self._events = _LOADER(text)
        self._file = file
        self._problems = problems

    def document(self) -> Node | None:
        """The only document of the file."""
        self._next()
        start = self._next()
        if isinstance(start, yaml.StreamEndEvent):
            self._problems.add_at(self._file, 1, 1, "is empty; begin with `version: 1`")
            return None
        if isinstance(start, yaml.DocumentStartEvent) and (start.version or start.tags):
            self._problems.add_at(self._file, _place(start)[0], 1, "directives (`%`) are not supported")
        root = self._node(self._next(), None, "", 0)
        self._next()
        second = self._next()
        if not isinstance(second, yaml.StreamEndEvent):
            self._problems.add_at(self._file, _place(second)[0], 1, "a second document; put it into a file of its own")
        return root

    def _next(self) -> yaml.Event:
        event: yaml.Event = self._events.get_event()
        return event

    def _node(self, event: yaml.Event, parent: Node | None, key: str | int, depth: int) -> Node:
        line, column = _place(event)
        node = Node(self._file, line, column, parent, key, line, column)
        if depth > MAX_DEPTH:
            raise _TooDeep(node)
        self._refuse_cleverness(event, node)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, node)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._sequence(node, depth)
        elif isinstance(event, yaml.MappingStartEvent):
            self._mapping(node, depth)
        return node

    def _refuse_cleverness(self, event: yaml.Event, node: Node) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._problems.add(node, "aliases (`*`) are not supported; write it out")
        elif getattr(event, "anchor", None):
            self._problems.add(node, "anchors (`&`) are not supported; write it out")
        elif getattr(event, "tag", None):
            self._problems.add(node, "tags (`!`) are not supported")

    def _scalar(self, event: yaml.ScalarEvent, node: Node) -> None:
        node.raw = event.value
        node.quoted = not event.implicit[0]
        if node.quoted and FORBIDDEN.search(event.value):
            self._problems.add(node, "holds a control character or a character that turns the direction of text")
        try:
            node.value = event.value if node.quoted else typed(event.value)
        except ValueError:
            before, after = MAX_DIGITS
            self._problems.add(node, f"is a number of more than {before} digits before the point, or {after} after it")

    def _sequence(self, node: Node, depth: int) -> None:
        items: list[Node] = []
        node.value = items
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(event, node, len(items), depth + 1))

    def _mapping(self, node: Node, depth: int) -> None:
        entries: dict[str, Node] = {}
        node.value = entries
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event, node, depth)
            child = self._node(self._next(), node, key.raw, depth + 1)
            child.key_line, child.key_column = key.line, key.column
            if key.raw == "<<" and not key.quoted:
                self._problems.add(child, "merging (`<<`) is not supported; write it out", at_key=True)
            elif key.raw in entries:
                first = entries[key.raw]
                self._problems.add(child, f"stands here twice; first in line {first.key_line}", at_key=True)
            elif isinstance(key.value, (list, dict)):
                self._problems.add(child, "a key must be a text", at_key=True)
            else:
                entries[key.raw] = child

    def _key(self, event: yaml.Event, parent: Node, depth: int) -> Node:
        key = self._node(event, parent, getattr(event, "value", "?"), depth + 1)
        if isinstance(key.value, (list, dict)):
            key.raw = "?"
        return key
