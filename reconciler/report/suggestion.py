"""A suggested test as YAML, ready to be kept in a file of the workspace."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.time import format_duration
from reconciler.report.document import clean
from reconciler.testing.facts import Ago, Fact
from reconciler.testing.rows import Row, Tables
from reconciler.testing.suggest import Suggestion

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*([ ./-][A-Za-z0-9_]+)*|[0-9]+([.][0-9]+)?")
_WORDS = {"true", "false", "null"}
_INDENT = "        "


def render_suggestion(suggestion: Suggestion, tables: Tables) -> str:
    """A whole file; what it expects is what is so now, and wants to be read."""
    key = suggestion.segment.key
    lines = [
        f"# Suggested for `{key}`. Expected is who belongs by today's definition: read it before you keep it.",
        *(f"# Nobody was found for: {clean(text)}" for text in suggestion.uncovered),
        "version: 1",
        "tests:",
        f"  who belongs to {key}, and who just does not:",
        f"    as_of: {suggestion.as_of.strftime('%Y-%m-%dT%H:%M:%SZ')}",
        "    given:",
        "      customers:",
        *_customers(suggestion, tables.customers),
        *_events(tables),
        "    expect:",
        *_expected(suggestion),
    ]
    return "\n".join(lines) + "\n"


def _customers(suggestion: Suggestion, rows: Sequence[Row]) -> Iterator[str]:
    for person, row in zip(suggestion.people, rows, strict=True):
        yield f"{_INDENT}# {clean(person.why)}"
        yield f"{_INDENT}- {_row(row)}"


def _events(tables: Tables) -> Iterator[str]:
    if not any(rows for _, rows in tables.events.values()):
        return
    yield "      events:"
    several = len(tables.events) > 1
    for events, rows in tables.events.values():
        if several:
            yield f"        {_text(events.table.name)}:" + ("" if rows else " []")
        indent = f"{_INDENT}  " if several else _INDENT
        for row in rows:
            age = row[events.time]
            told = {**row, events.time: None} if isinstance(age, Ago) else row
            yield f"{indent}- {_row(told, time=events.time, age=age)}"


def _row(row: Mapping[str, Fact], *, time: str | None = None, age: Fact = None) -> str:
    told = [
        f"ago: {format_duration(age.minutes)}"
        if column == time and isinstance(age, Ago)
        else f"{_text(column)}: {_fact(fact)}"
        for column, fact in row.items()
    ]
    return f"{{ {', '.join(told)} }}"


def _fact(fact: Fact) -> str:
    if fact is None:
        return "null"
    if isinstance(fact, Ago):
        word = "ago" if fact.minutes >= 0 else "in"
        return f"{{ {word}: {format_duration(abs(fact.minutes))} }}"
    return fact if fact in _WORDS - {"null"} else _text(fact)


def _text(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)


def _expected(suggestion: Suggestion) -> Iterator[str]:
    for part, keys in suggestion.expected.items():
        label = f"{suggestion.segment.key}.{part}" if part else suggestion.segment.key
        yield f"      {label}: [{', '.join(_text(key) for key in keys)}]"
