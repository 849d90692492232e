"""What Criteo has, as far as we look: segments, audiences, ad sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Targeting:
    """An audience's algebra in our shape, by Criteo's segment ids: any of `include`, none of `exclude`."""

    include: frozenset[str]
    exclude: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteSegment:
    """An audience segment at Criteo. `type` is Criteo's word, kept whatever it is (`ContactList`, `Lookalike`, …).

    `others` are the attributes that have no place of their own here, in Criteo's own names and shapes, known or not.
    """

    id: str
    name: str
    description: str | None
    type: str
    others: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteAudience:
    """An audience at Criteo. `targeting` None: its algebra is of a shape that we never write. `ad_sets` are ids.

    `others` are the attributes that have no place of their own here, as with segments.
    """

    id: str
    name: str
    description: str | None
    targeting: Targeting | None
    ad_sets: frozenset[str]
    others: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteAdSet:
    """An ad set of the advertiser; which audience it carries is told by the audience alone.

    `campaign` is an id. `others` are the attributes that have no place of their own here, as with segments; a search
    asks for none of them.
    """

    id: str
    name: str
    advertiser: str | None = field(default=None, compare=False)
    campaign: str | None = field(default=None, compare=False)
    others: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteCampaign:
    """A campaign of the advertiser."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SegmentDraft:
    """A contact list to create, or (with `id`) what to change of one; None leaves an attribute as it is."""

    name: str | None
    description: str | None
    id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AudienceDraft:
    """An audience to create, or (with `id`) what to change of one; None leaves an attribute as it is."""

    name: str | None
    description: str | None
    targeting: Targeting | None
    id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Amended:
    """Criteo's answer to one contact-list call: its own count of well-formed and of malformed identifiers."""

    valid: int
    invalid: int
