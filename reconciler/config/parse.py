"""One YAML file → its tree. Stricter than YAML: nothing that a reader of the file could take for something else."""

from __future__ import annotations

import re

import yaml

from reconciler.config.nodes import Node
from reconciler.config.problems import Problems
from reconciler.config.scalars import FORBIDDEN, MAX_DIGITS, typed

MAX_DEPTH = 32
"""How deep lists and mappings may be nested."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TAB = "a tab; indent with spaces"
_WORDS = {
    "mapping values are not allowed in this context": "a `: ` where no key can be; check the indentation or quote it",
    "did not find expected key": "expected a key here; check the indentation, and the quotes before it",
    "could not find expected ':'": "expected a `:`, with a space after it, behind this key",
    "did not find expected '-' indicator": "expected a `-` here; check the indentation",
    "did not find expected alphabetic or numeric character": "a text that begins with `*` or `&` needs quotes",
    "block sequence entries are not allowed in this context": "a `- ` where no list can begin; begin it on a new line",
    "found unexpected end of stream": "the quoted text that begins here never ends",
    "found unexpected ':'": "a `:` needs a space after it",
    "found a tab character that violates indentation": _TAB,
    "found undefined tag handle": "tags (`!`) are not supported; put the text in quotes",
}
_OPEN = {
    "did not find expected ',' or '}'": "a `,` or `}`",
    "did not find expected ',' or ']'": "a `,` or `]`",
}
_LEFT_OVER = {
    "<<<<<<<": "a merge conflict that is not resolved",
    "=======": "a merge conflict that is not resolved",
    ">>>>>>>": "a merge conflict that is not resolved",
    "//": "a comment begins with `#`",
    "/*": "a comment begins with `#`",
}
_QUOTES = re.compile("[\u201c\u201d\u201e\u2018\u2019\u201a\xab\xbb].*[\u201c\u201d\u2018\u2019\xab\xbb]", re.DOTALL)
_NEVER_ENDS = {"found unexpected end of stream", "could not find expected ':'"}


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
    """Where it is to be mended: what never ends is found out further below, often many lines."""
    begun = error.problem in _NEVER_ENDS or (error.problem in _OPEN and _spans_lines(error))
    mark = (error.context_mark if begun else None) or error.problem_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _spans_lines(error: yaml.MarkedYAMLError) -> bool:
    begin, found = error.context_mark, error.problem_mark
    return begin is not None and found is not None and begin.line != found.line


def _explain(error: yaml.MarkedYAMLError, text: str, line: int, column: int) -> str:
    words = error.problem or "can't be read"
    if words in _OPEN:
        found = error.problem_mark
        where = f"before line {found.line + 1}, column {found.column + 1}" if found and _spans_lines(error) else ""
        return f"what begins here lacks {_OPEN[words]} {where}" if where else f"expected {_OPEN[words]} here"
    lines = text.split("\n")
    here = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    for mark, meaning in _LEFT_OVER.items():
        if here.startswith(mark):
            return meaning
    if "cannot start any token" in words:
        return _TAB if here[:1] == "\t" else f"a text that begins with `{here[:1]}` needs quotes"
    if words == "did not find expected key" and here[:1] == "-":
        return "a list item among keys: either this one has a `- ` too many, or the lines above lack theirs"
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
        if isinstance(second, yaml.StreamEndEvent):
            return root
        self._problems.add_at(self._file, _place(second)[0], 1, "a second document; put it into a file of its own")
        return None

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
        if not node.quoted and _QUOTES.fullmatch(event.value):
            self._problems.add(node, 'typographic quotes are a part of the text; use plain ones: "…"')
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
                is_template = isinstance(key.value, dict) and key.line == node.line and key.column == node.column + 1
                message = (
                    "templates (`{{ … }}`) are not filled in; write the value"
                    if is_template
                    else "a key must be a text"
                )
                self._problems.add(child, message, at_key=True)
            else:
                entries[key.raw] = child

    def _key(self, event: yaml.Event, parent: Node, depth: int) -> Node:
        key = self._node(event, parent, getattr(event, "value", "?"), depth + 1)
        if isinstance(key.value, (list, dict)):
            key.raw = "?"
        return key
