"""What a workspace takes for granted of its data: kinds of events, values of columns, and queries that can be run."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.conditions import Operator, Scalar
from reconciler.model.settings import Place


@dataclass(frozen=True, kw_only=True, slots=True)
class MentionedValue:
    """A literal that a column of `customers` or `events` is compared with."""

    owner: str
    column: str
    operator: Operator
    value: Scalar
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Mentions:
    """Everything in the order of the definitions, each time it is mentioned; queries in their canonical form."""

    kinds: tuple[tuple[str, Place], ...] = ()
    values: tuple[MentionedValue, ...] = ()
    queries: tuple[tuple[str, Place], ...] = ()
