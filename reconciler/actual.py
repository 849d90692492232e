"""Stage 4: what Criteo lists, joined with the snapshot by address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.model.address import Address
from reconciler.model.remote import RemoteAdSet, RemoteAudience, RemoteSegment


@dataclass(frozen=True, kw_only=True, slots=True)
class Actual:
    """What is ours at Criteo, by address, and whose the other names are.

    `foreign_segments` and `foreign_audiences` map a name to a resource without our mark; `ad_set_audience` tells which
    audience id an ad set carries. `gone` are addresses of the snapshot that Criteo no longer has.
    """

    segments: Mapping[Address, RemoteSegment]
    audiences: Mapping[Address, RemoteAudience]
    foreign_segments: Mapping[str, RemoteSegment]
    foreign_audiences: Mapping[str, RemoteAudience]
    ad_sets: Mapping[str, RemoteAdSet]
    ad_set_audience: Mapping[str, str]
    gone: frozenset[Address]
