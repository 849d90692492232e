"""Let what was generated be about what is there: ids that stand where an id belongs are exchanged for real ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

Known = Any


class Knows(Protocol):
    """Whoever knows what is there."""

    def known(self, value: Any, kind: str) -> Any:
        """Exchange a value of a kind for one that is there."""
        ...


PLACES = {
    "advertiser-id": "advertiser",
    "advertiserId": "advertiser",
    "advertiserIds": "advertiser",
    "audience-segment-id": "list",
    "audienceSegmentId": "segment",
    "audienceSegmentIds": "segment",
    "seedSegmentId": "segment",
    "audienceId": "audience",
    "audienceIds": "audience",
    "ad-set-id": "ad_set",
    "adSetIds": "ad_set",
    "campaign-id": "campaign",
    "campaignIds": "campaign",
    "country": "country",
    "identifiers": "identifier",
    "version": "version",
    "grant_type": "grant",
    "client_id": "application",
    "client_secret": "application",
    "offset": "offset",
}
"""What stands under a name."""


def ids_of(path: str) -> str:
    """What `id` stands for in the bodies of a path."""
    if path.endswith("ad-sets/{ad-set-id}/audience"):
        return "ad_set"
    return "audience" if "/audiences" in path else "segment"


def seeded(value: Any, world: Knows, own: str, name: str = "") -> Any:
    """The value with known ids in the places where ids belong; `own` is what `id` stands for."""
    if isinstance(value, Mapping):
        return {key: seeded(each, world, own, key) for key, each in value.items()}
    if isinstance(value, list):
        return [seeded(each, world, own, name) for each in value]
    kind = own if name == "id" else PLACES.get(name)
    return value if kind is None else world.known(value, kind)
