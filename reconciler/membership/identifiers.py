"""The declared columns of identifiers, and every identifier that somebody holds as one query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlglot import exp, select

from reconciler.membership.keys import code
from reconciler.membership.source import label
from reconciler.membership.sql import Sql, alias, name, negated, table, together
from reconciler.model.identifiers import Form, IdentifierType
from reconciler.model.settings import IdentifierColumn, Settings, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of identifiers: `raw` in the source, and what becomes of it in a row: `e…` and `r…`.

    `form` is how its type is sent, `hashed` the form of the digests that it holds already. With `at_once` the column
    `e…` holds the digest in hex, because other columns of its type hold nothing else.
    """

    number: int
    raw: str
    type: IdentifierType = "email"
    form: Form = "sha256"
    hashed: Form | None = None
    region: str | None = None
    at_once: bool = False

    @property
    def value(self) -> str:
        """The column of the normalised identifier, NULL when it is not valid."""
        return f"e{self.number}"

    @property
    def reason(self) -> str:
        """The column of the reason why it is not valid, NULL when it is."""
        return f"r{self.number}"


def columns_of(declared: Iterable[IdentifierColumn], settings: Settings) -> tuple[Column, ...]:
    """The declared columns of one table, numbered in their order."""
    hashed = hashed_types(settings.source)
    return tuple(
        Column(
            number=number,
            raw=label(each.column),
            type=each.type,
            form=settings.criteo.email_form if each.type == "email" else "sha256",
            hashed=each.hashed,
            region=each.region,
            at_once=each.type in hashed,
        )
        for number, each in enumerate(declared)
    )


def hashed_types(source: Source) -> frozenset[IdentifierType]:
    """The types of which some column of the workspace holds digests."""
    of_events = [column for events in source.events for column in events.identifiers]
    return frozenset(each.type for each in (*source.customers.identifiers, *of_events) if each.hashed)


def identifier_rows(
    columns: Iterable[Column], told: Sequence[Sql] = (), condition: Sql | None = None, of: str = "people"
) -> exp.Query:
    """Rows `(e, i, told…)`: every valid identifier of every row of a relation, with the code of its type.

    `told` and `condition` are over the relation.
    """
    parts = [_rows(column, told, condition, of) for column in columns]
    return together(parts)


def _rows(column: Column, told: Sequence[Sql], condition: Sql | None, of: str) -> exp.Select:
    rows = select(alias(name(column.value), "e"), alias(code(column.type), "i"), *(each.copy() for each in told))
    rows = rows.from_(table(of)).where(negated(name(column.value).is_(exp.null())))
    return rows.where(condition.copy()) if condition is not None else rows
