"""The workspace's YAML and the shop's files, read in the plainest way into what the evaluator looks at."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from tests.real.address import identifier

Condition = Mapping[str, Any]
Window = tuple[timedelta, timedelta | None]

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True, kw_only=True)
class Event:
    kind: str
    at: datetime
    properties: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, eq=False)
class Person:
    """A customer; `repr` names nobody."""

    attributes: Mapping[str, str]
    identifiers: frozenset[str]
    events: tuple[Event, ...]

    def __repr__(self) -> str:
        return f"<a person with {len(self.identifiers)} identifiers and {len(self.events)} events>"


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything that an answer depends on, but for the clock."""

    zone: ZoneInfo
    consent_column: str | None
    windows: Mapping[str, Window]
    segments: Mapping[str, Condition]
    people: tuple[Person, ...]


class Loader(yaml.BaseLoader):
    """Every plain scalar is text but for `true`, `false`, whole numbers and decimals."""


Loader.add_implicit_resolver("!boolean", re.compile("(true|false)$"), ["t", "f"])
Loader.add_implicit_resolver("!number", re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?$"), list("-0123456789"))
Loader.add_constructor("!boolean", lambda _, node: node.value == "true")
Loader.add_constructor("!number", lambda _, node: Decimal(node.value))


def read_yaml(path: Path) -> dict[str, Any]:
    """One file of the workspace as plain values."""
    document: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506 - builds plain values only
    return document


def duration(text: str) -> timedelta:
    return int(text[:-1]) * UNITS[text[-1]]


def window(text: str) -> Window:
    """`a..b`, `a..` without an end, or `b` for from now to b."""
    if ".." not in text:
        return timedelta(0), duration(text)
    start, end = text.split("..")
    return duration(start), duration(end) if end else None


def rows(path: Path) -> Iterator[dict[str, str]]:
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    yield from csv.DictReader(io.StringIO(text, newline=""))


def instant(text: str) -> datetime:
    """A point in time; without a zone it is UTC."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def read_events(folder: Path, source: Mapping[str, str]) -> dict[str, list[Event]]:
    """The events of each customer key, whoever it is."""
    events: dict[str, list[Event]] = {}
    for path in sorted(folder.glob(source["table"])):
        for row in rows(path):
            event = Event(kind=row[source["name"]], at=instant(row[source["time"]]), properties=row)
            events.setdefault(row[source["customer"]], []).append(event)
    return events


def identifiers(row: Mapping[str, str], columns: list[str]) -> frozenset[str]:
    """What Criteo may be sent for a record: one identifier for each valid address."""
    found = {identifier(row[column]) for column in columns}
    return frozenset(each for each in found if each is not None)


def read_people(folder: Path, source: Mapping[str, Any]) -> tuple[Person, ...]:
    events = read_events(folder, source["events"])
    customers, email = source["customers"], source["customers"]["identifiers"]["email"]
    columns = email["columns"] if isinstance(email, dict) else [email]
    return tuple(
        Person(
            attributes=row,
            identifiers=identifiers(row, columns),
            events=tuple(events.get(row[customers["key"]], ())),
        )
        for row in rows(folder / customers["table"])
    )


def read_world(folder: Path) -> World:
    """The workspace in `folder` with its data."""
    settings = read_yaml(folder / "reconciler.yaml")
    files = [read_yaml(path) for path in sorted(folder.rglob("*.yaml"))]
    named = {name: text for file in files for name, text in file.get("windows", {}).items()}
    return World(
        zone=ZoneInfo(settings["time_zone"]),
        consent_column=settings["source"]["customers"].get("consent", {}).get("column"),
        windows={name: window(text) for name, text in named.items()},
        segments={key: segment for file in files for key, segment in file.get("segments", {}).items()},
        people=read_people(folder, settings["source"]),
    )
