"""A tree → the one form: two columns a level, one space where one is needed, comments where they stood."""

from __future__ import annotations

import json
from collections.abc import Iterator

from reconciler.scaffold.tree import BLANK, BLOCK, Collection, Comment, Entry, Scalar

WIDTH = 120
"""A list or mapping in brackets that needs a longer line is written over several."""

_STEP = 2


def write_tree(root: Collection | Scalar) -> str:
    """The text of a tree, with a line end at its end."""
    if isinstance(root, Scalar) or not root.entries:
        return f"{_inline(root) if isinstance(root, Scalar) else _flow(root)}\n"
    return "\n".join(_block(root, 0)) + "\n"


def _block(collection: Collection, indent: int) -> Iterator[str]:
    """The lines of a list or mapping that stands below its key."""
    pad = " " * indent
    for number, entry in enumerate(collection.entries):
        lines = list(_entry(entry, indent) if collection.is_map else _item(entry, indent))
        # What stands above the first key of an item can't stand behind its dash.
        inside = next(at for at, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#"))
        yield from _notes([*entry.before, *(line.strip() for line in lines[:inside])], pad, is_first=not number)
        yield from lines[inside:]
    yield from _notes(collection.tail, pad, is_first=not collection.entries)


def _notes(notes: list[str], pad: str, *, is_first: bool) -> Iterator[str]:
    """Comments, and at most one blank line between two things."""
    was_blank = is_first
    for note in notes:
        if note != BLANK or not was_blank:
            yield f"{pad}{note}" if note else ""
        was_blank = note == BLANK


def _entry(entry: Entry, indent: int) -> Iterator[str]:
    head = f"{' ' * indent}{_inline(entry.key or Scalar(''))}:"
    if (line := _on_one_line(entry.value, len(head))) is not None:
        yield _noted(f"{head} {line}".rstrip(), entry.after)
    elif isinstance(entry.value, Scalar):
        yield from _lines(entry.value, head, indent, entry.after)
    else:
        yield _noted(head, entry.after)
        yield from _block(entry.value, indent + _STEP)


def _item(entry: Entry, indent: int) -> Iterator[str]:
    head = f"{' ' * indent}-"
    if (line := _on_one_line(entry.value, len(head))) is not None:
        yield _noted(f"{head} {line}".rstrip(), entry.after)
    elif isinstance(entry.value, Scalar):
        yield from _lines(entry.value, head, indent, entry.after)
    else:
        yield from [entry.after.text] if entry.after else []
        lines = list(_block(entry.value, indent + _STEP))
        inside = next(at for at, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#"))
        yield from lines[:inside]
        yield f"{head} {lines[inside].lstrip()}"
        yield from lines[inside + 1 :]


def _noted(line: str, comment: Comment | None) -> str:
    """A line with the comment behind it, which stays in its column where there is room."""
    return line if comment is None else f"{line:<{max(comment.column, len(line) + 2)}}{comment.text}"


def _lines(scalar: Scalar, head: str, indent: int, comment: Comment | None) -> Iterator[str]:
    """A text over several lines, behind a `|` or `>`."""
    kept = scalar.value.removesuffix("\n") if scalar.chomp == "+" else scalar.value.rstrip("\n")
    texts = kept.split("\n") if scalar.style == "|" else _dedented(scalar.block)
    sign = str(_STEP) if next(filter(None, texts)).startswith(" ") else ""
    yield _noted(f"{head} {scalar.style}{sign}{scalar.chomp}", comment)
    yield from (f"{' ' * (indent + _STEP)}{text}" if text else "" for text in texts)


def _dedented(lines: tuple[str, ...]) -> list[str]:
    least = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    return [line[least:] if line.strip() else "" for line in lines]


def _on_one_line(value: Scalar | Collection, used: int) -> str | None:
    """What stands behind its key or dash, or None where it has to stand below."""
    if isinstance(value, Scalar):
        return None if value.style in BLOCK and value.value.strip("\n") else _inline(value)
    if not value.flow or any(value.comments()):
        return None
    text = _flow(value)
    return text if used + 1 + len(text) <= WIDTH or not value.entries else None


def _flow(collection: Collection) -> str:
    parts = [_flow_entry(entry) for entry in collection.entries]
    if collection.is_map:
        return f"{{ {', '.join(parts)} }}" if parts else "{}"
    if any(isinstance(entry.value, Collection) for entry in collection.entries):
        return f"[ {', '.join(parts)} ]"
    return f"[{', '.join(parts)}]"


def _flow_entry(entry: Entry) -> str:
    value = _inline(entry.value) if isinstance(entry.value, Scalar) else _flow(entry.value)
    if entry.key is None:
        return value
    return f"{_inline(entry.key)}: {value}" if value else _inline(entry.key)


def _inline(scalar: Scalar) -> str:
    """A scalar on one line: as it is where it had no quotes, else in double ones unless it holds some itself."""
    value = scalar.value
    if not scalar.style and "\n" not in value:
        return value
    if not value.isprintable():
        return json.dumps(value)
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'
