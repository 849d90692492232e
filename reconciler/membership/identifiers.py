"""The declared columns of identifiers, and every identifier that somebody holds as one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp, select

from reconciler.membership.columns import label
from reconciler.membership.keys import code
from reconciler.membership.sql import Sql, alias, call, decimal, name, negated, table, together, when
from reconciler.membership.values import Kind, Stored
from reconciler.model.identifiers import Form, IdentifierType
from reconciler.model.settings import IdentifierColumn, Settings, Source

_TEXT = Stored(Kind.TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of identifiers: `raw` in the source, and what becomes of it in a row: `e…` and `r…`.

    `form` is how its type is sent, `hashed` the form of the digests that it holds already. With `at_once` the column
    `e…` holds the digest in hex, because other columns of its type hold nothing else. Of a list, `e…` is one of its
    valid identifiers; all of them are in a table of elements.
    """

    number: int
    raw: str
    stored: Stored = _TEXT
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
    def declared(self) -> str:
        """The name that the column has in the source."""
        return self.raw.removeprefix(label(""))

    @property
    def reason(self) -> str:
        """The column of the reason why it is not valid, NULL when it is."""
        return f"r{self.number}"


def columns_of(
    declared: Iterable[IdentifierColumn], settings: Settings, stored: Mapping[str, Stored]
) -> tuple[Column, ...]:
    """The declared columns of one table, numbered in their order; `stored` tells how the table stores them."""
    hashed = hashed_types(settings.source)
    return tuple(
        Column(
            number=number,
            raw=label(each.column),
            stored=stored[each.column],
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
    columns: Sequence[Column],
    told: Sequence[Sql] = (),
    condition: Sql | None = None,
    *,
    of: str = "people",
    listed: str = "listed",
) -> exp.Query:
    """Rows `(e, i, told…)`: every valid identifier of every row of a relation, with the code of its type.

    `told` and `condition` are over the relation; `listed` has the elements of its columns that are lists.
    """
    parts = [_rows(column, told, of) for column in columns if not column.stored.is_list]
    if len(parts) < len(columns):
        parts.append(_element_rows(told, of, listed))
    return together([part.where(condition.copy()) for part in parts] if condition is not None else parts)


def _rows(column: Column, told: Sequence[Sql], of: str) -> exp.Select:
    rows = select(alias(name(column.value), "e"), alias(code(column.type), "i"), *(each.copy() for each in told))
    return rows.from_(table(of)).where(negated(name(column.value).is_(exp.null())))


def _element_rows(told: Sequence[Sql], of: str, listed: str) -> exp.Select:
    valid = select(alias(name("k"), "lk"), alias(name("e"), "le"), alias(name("i"), "li")).from_(table(listed))
    valid = valid.where(negated(name("e").is_(exp.null())))
    rows = select(alias(name("le"), "e"), alias(name("li"), "i"), *(each.copy() for each in told)).from_(table(of))
    return rows.join(valid.subquery("l"), on=name("k").eq(name("lk")))


def as_written(column: Column) -> Sql:
    """A column as text. A feed with gaps has whole numbers as floats, and 33612345678.0 is a telephone number."""
    value = name(column.raw)
    written = exp.cast(value, "TEXT")
    if column.stored.kind is not Kind.FLOAT:
        return written
    whole = exp.TryCast(this=value, to=decimal(38, 0))
    return when(whole.eq(value), exp.cast(whole, "TEXT"), written)


def is_ascii(value: Sql) -> Sql:
    """As many bytes as characters: told without looking at each."""
    return call("strlen", value).eq(call("length", value))
