"""What Criteo tells beside the resources themselves: counts, the choices of in-market segments, who we are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Statistics:
    """Criteo's counts of one contact list, None where it tells none.

    `match_rate` is in percent. It need not be `matches` / `identifiers`: it depends on what kind of identifiers the
    list holds (Criteo's audience API 2026-07). The counts lag behind what was sent, by up to a day.
    """

    identifiers: int | None
    matches: int | None
    match_rate: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Brand:
    """A brand that an in-market segment may name, and how many people Criteo sees in the market for it."""

    id: str
    name: str
    size: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Interest:
    """An interest that an in-market segment may name; ids are those of Google's product taxonomy. `parent` is one."""

    id: str
    parent: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Application:
    """The app whose credentials we use, as Criteo describes it."""

    id: str | None
    name: str
    organization: str | None
    description: str | None = None
    service: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """What Criteo told last of our rate limit: calls a minute in all, and how many of them are left."""

    limit: int | None
    left: int
