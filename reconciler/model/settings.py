"""Settings of a workspace, as the later stages need them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where in the YAML something was said: `line` and `column` count from 1, `path` is the key."""

    file: str
    line: int
    column: int
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """The column of `customers` that says yes or no. `missing` decides for a record that says nothing."""

    column: str
    missing: Literal["ignore", "refuse"] = "ignore"


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A declared table: a file or a glob relative to the workspace, with the place that names it for messages."""

    name: str
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Customers:
    """One row a record; `email` lists the columns that hold addresses."""

    table: Table
    key: str
    email: tuple[str, ...]
    consent: Consent | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Events:
    """One row an event. `fresh_within` maps a kind, or `*` for any, to the greatest age in minutes that is trusted."""

    table: Table
    customer: str
    name: str
    time: str
    fresh_within: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where people and events come from."""

    engine: Literal["duckdb"] = "duckdb"
    customers: Customers
    events: Events | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Criteo:
    """How we talk to Criteo; 0 calls a minute means no limit of our own."""

    api_version: str = "2026-07"
    calls_per_minute: int = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Guards:
    """Limits that stop a step which would do damage; shares are exact fractions of what a list holds."""

    max_gone: Fraction = Fraction(30, 100)
    max_changed: Fraction = Fraction(30, 100)
    min_count: int = 50
    max_invalid: Fraction = Fraction(10, 100)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What `reconciler.yaml` says outside of definitions."""

    root: Path
    workspace: str
    advertiser: str
    time_zone: str = "UTC"
    criteo: Criteo = field(default_factory=Criteo)
    source: Source
    state: Path
    guards: Guards = field(default_factory=Guards)


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A secret from the environment: `repr` never shows it, `reveal` gives it to the one who sends it."""

    value: str

    def __repr__(self) -> str:
        return "<secret>"

    def reveal(self) -> str:
        """The secret itself."""
        return self.value


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """Who we are at Criteo, and where Criteo is."""

    client_id: str
    client_secret: Secret
    api_url: str = "https://api.criteo.com"
