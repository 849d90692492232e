"""Definitions: a segment's `who` with all that decides who belongs, in a form that can be stored and compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reconciler.model.address import Address
from reconciler.model.codec import condition_from_dict, condition_to_dict, period_from_dict, period_to_dict
from reconciler.model.conditions import Condition
from reconciler.model.time import Period, Window, parse_window


@dataclass(frozen=True, slots=True)
class Slice:
    """One window of a segment that is cut by several."""

    name: str
    window: Window


@dataclass(frozen=True, slots=True)
class Who:
    """Who a segment is, apart from consent, period and publication.

    `slices` are sorted from the youngest to the oldest.
    """

    condition: Condition
    slices: tuple[Slice, ...] = ()


@dataclass(frozen=True)
class Definition:
    """All that decides a published segment's membership, whatever else the workspace says.

    `segments` holds the `who` of every segment it refers to, directly or not, by key and sorted: a definition can be
    evaluated by itself, long after the YAML has changed. `suppression` exempts from consent.

    `union` are the addresses of lists that it is made of: an identifier belongs as long as it is on any of them, and
    `who` only says so.
    """

    who: Who
    suppression: bool = False
    active: Period | None = None
    segments: tuple[tuple[str, Who], ...] = ()
    union: tuple[Address, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The canonical JSON form: stable, sorted, and read again by `from_dict`."""
        out: dict[str, Any] = _who_to_dict(self.who)
        if self.suppression:
            out["purpose"] = "suppression"
        if self.active is not None:
            out["active"] = period_to_dict(self.active)
        if self.segments:
            out["segments"] = {key: _who_to_dict(who) for key, who in self.segments}
        if self.union:
            out["union"] = list(self.union)
        return out

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Definition:
        """Read what `to_dict` wrote. Raises KeyError, TypeError or ValueError on anything else."""
        segments = data.get("segments", {})
        return cls(
            who=_who_from_dict(data),
            suppression=data.get("purpose") == "suppression",
            active=period_from_dict(data["active"]) if "active" in data else None,
            segments=tuple((key, _who_from_dict(segments[key])) for key in sorted(segments)),
            union=tuple(map(Address, data.get("union", ()))),
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical form: equal digests mean the same people from the same data."""
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def whos(self) -> Iterator[Who]:
        """Its own `who` and those it refers to."""
        yield self.who
        yield from (who for _, who in self.segments)


def _who_to_dict(who: Who) -> dict[str, Any]:
    out: dict[str, Any] = {"who": condition_to_dict(who.condition)}
    if who.slices:
        out["slices"] = {part.name: str(part.window) for part in who.slices}
    return out


def _who_from_dict(data: dict[str, Any]) -> Who:
    slices = tuple(Slice(name, parse_window(text)) for name, text in data.get("slices", {}).items())
    return Who(condition_from_dict(data["who"]), tuple(sorted(slices, key=lambda part: part.window)))
