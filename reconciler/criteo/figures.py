"""Criteo's JSON ↔ sizes, statistics, the choices of in-market segments, and who we are (its audience API 2026-07)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from reconciler.criteo import algebra
from reconciler.criteo.envelope import Body, Envelope, attributes_of, body, read_id, read_items, text_of
from reconciler.criteo.wire import AUDIENCE, SEGMENT
from reconciler.model.figures import Application, Brand, Interest, Statistics
from reconciler.model.remote import Targeting

Estimable = Literal["inMarket", "location"]
"""The types of segment whose size Criteo estimates before they exist."""


def segment_estimate_body(advertiser: str, kind: Estimable, asked: Mapping[str, Any]) -> Body:
    """A segment that does not exist yet, by Criteo's own names."""
    return body({"data": {"type": SEGMENT, "attributes": {"advertiserId": advertiser, kind: dict(asked)}}})


def audience_estimate_body(advertiser: str, targeting: Targeting) -> Body:
    """An audience that does not exist yet. Raises ValueError for one that includes nothing."""
    attributes = {"advertiserId": advertiser, "algebra": algebra.encode(targeting)}
    return body({"data": {"type": AUDIENCE, "attributes": attributes}})


def read_sizes(envelope: Envelope, _: Sequence[str]) -> dict[str, int | None]:
    """Sizes by id; None where Criteo knows the thing and tells no size."""
    return {read_id(item): _whole(attributes_of(item).get("size")) for item in read_items(envelope)}


def read_estimate(envelope: Envelope) -> int | None:
    """One size."""
    return _whole(attributes_of(envelope.data).get("size"))


def read_statistics(envelope: Envelope) -> Statistics:
    """The counts of one list."""
    attributes = attributes_of(envelope.data)
    rate = attributes.get("matchRate")
    return Statistics(
        identifiers=_whole(attributes.get("numberOfIdentifiers")),
        matches=_whole(attributes.get("numberOfMatches")),
        match_rate=float(rate) if isinstance(rate, int | float) and not isinstance(rate, bool) else None,
    )


def read_brand(item: Any) -> Brand:
    """A brand."""
    attributes = attributes_of(item)
    return Brand(id=read_id(item), name=text_of(attributes.get("name")) or "", size=_whole(attributes.get("size")))


def read_interest(item: Any) -> Interest:
    """An interest, which Criteo gives without a name."""
    return Interest(id=read_id(item), parent=text_of(attributes_of(item).get("parentId")))


def read_application(envelope: Envelope) -> Application:
    """The app."""
    attributes = attributes_of(envelope.data)
    return Application(
        id=_number_as_text(attributes.get("applicationId")),
        name=text_of(attributes.get("name")) or "",
        organization=_number_as_text(attributes.get("organizationId")),
        description=text_of(attributes.get("description")),
        service=text_of(attributes.get("criteoService")),
    )


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number_as_text(value: Any) -> str | None:
    return None if _whole(value) is None else str(value)
