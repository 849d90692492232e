"""Searches of segments and audiences: what may be asked for, and in which order it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from reconciler.emulator.calls import Call, check_advertiser, no_permission, page
from reconciler.emulator.responses import Answer, invalid


class _Found(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def advertiser(self) -> str: ...
    @property
    def created_at(self) -> float: ...


F = TypeVar("F", bound=_Found)


def filters(call: Call, known: Mapping[str, Iterable[str]]) -> Mapping[str, Any]:
    """Return the filters of a search; those left out are missing.

    `known` are the ids that there are, by filter. Raises `RefusedError` where the switches say that a search without
    filters, or one for what the application may not see, is refused.
    """
    wanted: Mapping[str, Any] = call.body["data"].get("attributes") or {}
    if not wanted and call.switches.no_filters == "refuse":
        raise invalid("Filters are missing", "Give at least one filter", field="data.attributes")
    if call.switches.inaccessible == "forbidden":
        for advertiser in wanted.get("advertiserIds", ()):
            check_advertiser(call, advertiser)
        for name, ids in known.items():
            if not set(wanted.get(name, ())).issubset(ids):
                raise no_permission(call)
    return wanted


def answer(call: Call, found: Sequence[F], write: Callable[[F], Any], wanted: Mapping[str, Any]) -> Answer:
    """Answer a search with one page of what it found."""
    if not wanted and call.switches.no_filters == "none":
        found = []
    return page(call, _ordered(found, call.switches.search_order), write)


def _ordered(found: Sequence[F], order: str) -> Sequence[F]:
    if order == "name":
        return sorted(found, key=lambda each: (each.name, int(each.id)))
    if order == "newest_first":
        return sorted(found, key=lambda each: (each.created_at, int(each.id)), reverse=True)
    return sorted(found, key=lambda each: int(each.id))
