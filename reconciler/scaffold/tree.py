"""The text of a YAML file → a tree that keeps what only people read: comments, blank lines, quotes and flow.

The parser's events carry no comments. What lies between the scalars is white space, signs and comments alone, so that a
`#` there always begins one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_COMMENT = re.compile(r"#[^\n]*")
BLOCK = ("|", ">")
BLANK = ""
"""Stands among comments for a blank line."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with its `#`. `own`: nothing else stands on its line. Lines and columns count from 0."""

    text: str
    line: int
    column: int
    own: bool

    @property
    def place(self) -> tuple[int, int]:
        """Line and column."""
        return self.line, self.column


@dataclass(frozen=True, slots=True)
class Scalar:
    """A scalar's value and how it was written: `style` is the sign it begins with, or nothing. `block` holds the lines
    of a `|` or `>` as they stand, `chomp` the `+` or `-` behind it.
    """

    value: str
    style: str = ""
    block: tuple[str, ...] = ()
    chomp: str = ""


@dataclass(slots=True)
class Entry:
    """An item of a list, or a key with its value; `before` are the comments and blank lines above it."""

    key: Scalar | None = None
    value: Scalar | Collection = Scalar("")
    before: list[str] = field(default_factory=list)
    after: Comment | None = None


@dataclass(slots=True)
class Collection:
    """A list or a mapping; `tail` are the comments behind its last entry."""

    is_map: bool
    flow: bool
    entries: list[Entry] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)

    def comments(self) -> Iterator[str]:
        """Every comment in it, in the order of the file."""
        for entry in self.entries:
            yield from filter(None, entry.before)
            yield from [entry.after.text] if entry.after else []
            if isinstance(entry.value, Collection):
                yield from entry.value.comments()
        yield from filter(None, self.tail)


def read_tree(text: str) -> Collection | Scalar:
    """The tree of a file that the language's own parser takes, and so of one document."""
    return _Reader(text).root()


def read_comments(text: str) -> list[str]:
    """Every comment of a file, in its order, found without making a tree."""
    return [each.text for each in _comments(text, list(yaml.parse(text, Loader=_LOADER)))]


class _Reader:
    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        events: list[Any] = list(yaml.parse(text, Loader=_LOADER))
        self._comments = deque(_comments(text, events))
        self._events = deque(event for event in events if not isinstance(event, yaml.StreamStartEvent))
        self._last = -1  # the line of what was read last

    def root(self) -> Collection | Scalar:
        """The only document; comments around a lone scalar are not kept."""
        self._events.popleft()
        entry = Entry(before=self._before())
        self._value(entry, -1)
        value = entry.value
        if isinstance(value, Collection):
            above = [*entry.before, *([entry.after.text] if entry.after else [])]
            notes = value.entries[0].before if value.entries else value.tail
            notes[:0] = above
            value.tail += self._rest((len(self._lines), 0), lambda _: True)
        return value

    def _value(self, entry: Entry, parent: int) -> None:
        """Read the next value into an entry, with the comment on its line; `parent` is the column it stands below."""
        event = self._events.popleft()
        if _is_scalar(event):
            entry.before += self._rest(_place(event), lambda _: True)
            entry.value = scalar = self._scalar(event)
            entry.after = self._trailing()
            self._last += len(scalar.block)
            return
        entry.value = collection = Collection(isinstance(event, yaml.MappingStartEvent), bool(event.flow_style))
        if collection.flow:
            entry.before += self._rest(_place(event), lambda _: True)
            self._last = event.start_mark.line
            self._entries(collection, 0)
            entry.after = self._trailing()
        else:
            entry.after = self._trailing()
            column = event.start_mark.column
            self._entries(collection, column + (column == parent))

    def _entries(self, collection: Collection, column: int) -> None:
        while not isinstance(self._events[0], _ENDS):
            entry = Entry(before=self._before())
            if collection.is_map:
                entry.key = self._scalar(self._events.popleft())
            self._value(entry, column)
            collection.entries.append(entry)
        end: Any = self._events[0]
        if collection.flow:
            collection.tail += self._rest(_place(end), lambda _: True)
            self._last = end.end_mark.line
        else:
            place, beyond = self._ahead()
            beyond = max(column, beyond + 1)
            collection.tail += self._rest(place, lambda each: each.own and each.column >= beyond)
        self._events.popleft()

    def _ahead(self) -> tuple[tuple[int, int], int]:
        """Where the next value stands, and where its line begins, dashes included (-1: there is none)."""
        event: Any = next(event for event in self._events if not isinstance(event, _ENDS))
        if not _is_value(event):
            return (len(self._lines), 0), -1
        line = self._lines[event.start_mark.line]
        return _place(event), len(line) - len(line.lstrip())

    def _rest(self, place: tuple[int, int], wanted: Callable[[Comment], bool]) -> list[str]:
        """The comments before a place, for as long as they are wanted."""
        found: list[str] = []
        while self._comments and self._comments[0].place < place and wanted(self._comments[0]):
            self._take(found)
        return found

    def _before(self) -> list[str]:
        """The comments and blank lines above the next value."""
        found: list[str] = []
        place = _place(self._events[0])
        while self._comments and self._comments[0].place < place:
            self._take(found)
        self._blank(place[0], found)
        self._last = place[0]
        return found

    def _take(self, found: list[str]) -> None:
        comment = self._comments.popleft()
        self._blank(comment.line, found)
        found.append(comment.text)
        self._last = comment.line

    def _blank(self, line: int, found: list[str]) -> None:
        between = self._lines[self._last + 1 : line]
        if self._last >= 0 and any(not each.strip() for each in between):
            found.append(BLANK)

    def _trailing(self) -> Comment | None:
        """The comment on the line of what was read last, unless something else stands before it."""
        head = self._comments[0] if self._comments else None
        if head is None or head.line != self._last or head.own or head.place > _place(self._events[0]):
            return None
        return self._comments.popleft()

    def _scalar(self, event: Any) -> Scalar:
        start, end = event.start_mark, event.end_mark
        style = event.style or ""
        if style not in BLOCK:
            self._last = end.line
            return Scalar(event.value, style)
        self._last = start.line
        lines = self._lines[start.line + 1 : end.line + (end.column > 0)]
        header = self._lines[start.line][start.column + 1 :].partition("#")[0]
        chomp = next((sign for sign in "+-" if sign in header), "")
        while chomp != "+" and lines and not lines[-1].strip():
            lines.pop()
        return Scalar(event.value, style, tuple(lines), chomp)


def _is_scalar(event: Any) -> bool:
    return isinstance(event, yaml.ScalarEvent)


def _is_value(event: Any) -> bool:
    return isinstance(event, (yaml.ScalarEvent, yaml.MappingStartEvent, yaml.SequenceStartEvent))


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line, event.start_mark.column


def _comments(text: str, events: list[Any]) -> Iterator[Comment]:
    """What begins with `#` between the scalars, and behind the sign of a `|` or `>`."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    place = 0
    for event in events:
        if not _is_scalar(event):
            continue
        until = event.start_mark.index if event.style not in BLOCK else text.index("\n", event.start_mark.index)
        yield from (_comment(match, starts) for match in _COMMENT.finditer(text, place, until))
        place = event.end_mark.index
    yield from (_comment(match, starts) for match in _COMMENT.finditer(text, place))


def _comment(match: re.Match[str], starts: list[int]) -> Comment:
    line = bisect_right(starts, match.start()) - 1
    begin = starts[line]
    own = not match.string[begin : match.start()].strip()
    return Comment(match[0].rstrip(), line, match.start() - begin, own)
