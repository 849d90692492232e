"""What Criteo has, as far as we look: segments, audiences, ad sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from reconciler.model.algebra import Formula, any_but, excluded, included, sides
from reconciler.model.kinds import Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Targeting:
    """An audience's algebra, by Criteo's segment ids or other names of lists: any of `include` and none of `exclude`;
    where it says anything else, `algebra`, of which these are what brings in and what keeps out.
    """

    include: frozenset[str]
    exclude: frozenset[str] = frozenset()
    algebra: Formula | None = None

    @classmethod
    def of(cls, formula: Formula) -> Self:
        """From a canonical formula."""
        plain = sides(formula)
        if plain is not None:
            return cls(include=plain[0], exclude=plain[1])
        return cls(include=included(formula), exclude=excluded(formula), algebra=formula)

    @property
    def formula(self) -> Formula:
        """All of it. Raises ValueError where nothing is included."""
        return self.algebra or any_but(self.include, self.exclude)


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteSegment:
    """An audience segment at Criteo. `type` is Criteo's word, kept whatever it is (`ContactList`, `Lookalike`, …).

    `kind` is what can be told of one that we could have made, contact lists apart. `others` are the attributes that
    have no place of their own here, in Criteo's own names and shapes, known or not.
    """

    id: str
    name: str
    description: str | None
    type: str
    kind: Kind | None = None
    others: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteAudience:
    """An audience at Criteo. `targeting` None: its algebra has nodes that we do not know, and `mentioned` are the
    segments that stand somewhere in it. `ad_sets` are ids.

    `others` are the attributes that have no place of their own here, as with segments.
    """

    id: str
    name: str
    description: str | None
    targeting: Targeting | None
    ad_sets: frozenset[str]
    others: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    mentioned: frozenset[str] = frozenset()

    @property
    def segments(self) -> frozenset[str]:
        """The ids of all segments that it uses."""
        return self.targeting.include | self.targeting.exclude if self.targeting else self.mentioned


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
    """A segment to create, or (with `id`) what to change of one; None leaves an attribute as it is.

    Without a `kind` a contact list is created; the seed of a lookalike is the address of an id at Criteo.
    """

    name: str | None
    description: str | None
    id: str | None = None
    kind: Kind | None = None


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
