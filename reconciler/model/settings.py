"""Settings of a workspace, as the later stages need them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from reconciler.model.identifiers import Form, IdentifierType


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
    """A declared table, with the place that names it for messages: a file or a glob relative to the workspace, a table
    of the engine, or (`query`) the file of a SELECT, whose text is `query`.
    """

    name: str
    place: Place
    query: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class IdentifierColumn:
    """A column of identifiers, plain or a list of them. `hashed`: it holds digests in this form already. `region` (two
    letters, ISO 3166) is where telephone numbers without a country code belong to.
    """

    type: IdentifierType
    column: str
    hashed: Form | None = None
    region: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Customers:
    """One row a record. Records that share a valid identifier in the column `same_person` are one person."""

    table: Table
    key: str
    identifiers: tuple[IdentifierColumn, ...]
    consent: Consent | None = None
    same_person: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Events:
    """One row an event. Its kind stands in the column `name`, or is `kind` in every row.

    `fresh_within` maps a kind, or `*` for any, to the greatest age in minutes that is trusted. Rows whose customer is
    unknown find their persons by `identifiers`.
    """

    table: Table
    customer: str
    name: str | None = None
    kind: str | None = None
    time: str
    fresh_within: tuple[tuple[str, int], ...] = ()
    identifiers: tuple[IdentifierColumn, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where people and events come from. `schema` is where an engine of its own keeps our ledger and our scratch
    tables; `master` is the Spark that is started in this process where the environment names none to connect to.
    """

    engine: Literal["duckdb", "postgres", "spark"] = "duckdb"
    customers: Customers
    events: tuple[Events, ...] = ()
    schema: str = "reconciler"
    master: str | None = None


CRITEO_ALLOWS = 250
"""Calls a minute that Criteo allows an app, all programs and advertisers together (its guide to rate limits)."""

Exclusions = Literal["separate", "one_list"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Criteo:
    """How we talk to Criteo; 0 calls a minute means no limit of our own. `sizes`: whether it is asked for its own.
    `exclusions`: whether an audience excludes its lists one by one, or one list that stands for several.
    """

    api_version: str = "2026-07"
    calls_per_minute: int = 200
    email_form: Form = "sha256"
    sizes: bool = True
    exclusions: Exclusions = "separate"


@dataclass(frozen=True, kw_only=True, slots=True)
class Guards:
    """Limits that stop a step which would do damage; shares are exact fractions of what a list holds."""

    max_gone: Fraction = Fraction(30, 100)
    max_changed: Fraction = Fraction(30, 100)
    min_count: int = 50
    max_invalid: Fraction = Fraction(10, 100)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What `reconciler.yaml` says outside of definitions. `schedule` is how often sync runs, in minutes: it runs
    nothing, windows are judged against it.
    """

    root: Path
    workspace: str
    advertiser: str
    time_zone: str = "UTC"
    criteo: Criteo = field(default_factory=Criteo)
    source: Source
    state: Path
    guards: Guards = field(default_factory=Guards)
    schedule: int = 60


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


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineAccess:
    """How to reach an engine that is not in this process: a Postgres URL (None: as libpq finds it), a Spark Connect
    URL.
    """

    postgres: Secret | None = None
    spark: Secret | None = None
