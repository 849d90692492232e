"""What Criteo counts of our lists, with the age of each count: a document beside the snapshot.

It promises nothing: without it the counts are asked for again. So it is replaced whole, but without the lock, and no
run fails for want of it. Instants of counts are Criteo's own, by its answers.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

from reconciler.errors import StateError
from reconciler.model.address import Address
from reconciler.state.moments import moment_from_json, moment_to_json

FORMAT = "reconciler statistics"
FORMAT_VERSION = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Criteo's counts of a list at an instant, None where it tells none; `match_rate` is in percent.

    `low` and `high` are the least and the most that the ledger held for the list in the day or two before;
    `settled` tells that it was watched for so long that a difference can't be the lag of Criteo's processing.
    """

    at: dt.datetime
    identifiers: int | None
    matches: int | None
    match_rate: float | None
    low: int
    high: int
    settled: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """How much the ledger held for a list, as far as it was watched: `since` its first day, `low` and `high` since
    `turned`, and in the span before that.
    """

    since: dt.datetime
    turned: dt.datetime
    low: int
    high: int
    low_before: int
    high_before: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ListStatistics:
    """One list: when Criteo was last asked, whatever it answered, and its last counts."""

    criteo_id: str
    held: Held
    asked: dt.datetime | None = None
    reading: Reading | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Synced:
    """The last sync that went through: when it ended, by the machine's clock, and its clock of membership."""

    at: dt.datetime
    as_of: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ListsStatistics:
    """The document, for the state of one lineage."""

    lineage: str
    lists: Mapping[Address, ListStatistics] = field(default_factory=lambda: MappingProxyType({}))
    synced: Synced | None = None


def encode(statistics: ListsStatistics) -> bytes:
    """The document: sorted, indented, the same bytes for the same counts."""
    content = {"format": FORMAT, "format_version": FORMAT_VERSION, **_to_dict(statistics)}
    return (json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def decode(data: bytes, place: str) -> ListsStatistics:
    """Read what `encode` wrote. Raises StateError on anything else; `place` names the file in its message."""
    try:
        content = json.loads(data)
        statistics = _from_dict(content)
        same = encode(statistics) == data
    except (KeyError, TypeError, ValueError, AttributeError):
        same = False
    if not same:
        raise StateError(
            "Criteo's counts as kept can't be read.",
            f"{place} is not whole, or was written by a newer version or by something else. It was left untouched.",
            "Remove the file: the counts are asked for again, and nothing else depends on it.",
        )
    return statistics


def _to_dict(statistics: ListsStatistics) -> dict[str, Any]:
    return {
        "lineage": statistics.lineage,
        "lists": {address: _plain(asdict(each)) for address, each in statistics.lists.items()},
        "synced": _plain(asdict(statistics.synced)) if statistics.synced else None,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return moment_to_json(value) if isinstance(value, dt.datetime) else value


def _from_dict(content: dict[str, Any]) -> ListsStatistics:
    synced = content["synced"]
    return ListsStatistics(
        lineage=content["lineage"],
        lists=MappingProxyType({Address(key): _list(each) for key, each in content["lists"].items()}),
        synced=Synced(**_instants(synced, "at", "as_of")) if synced is not None else None,
    )


def _list(data: dict[str, Any]) -> ListStatistics:
    reading = data["reading"]
    return ListStatistics(
        criteo_id=data["criteo_id"],
        held=Held(**_instants(data["held"], "since", "turned")),
        asked=moment_from_json(data["asked"]),
        reading=Reading(**_instants(reading, "at")) if reading is not None else None,
    )


def _instants(data: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {**data, **{key: moment_from_json(data[key]) for key in keys}}
