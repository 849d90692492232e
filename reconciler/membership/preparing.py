"""Identifiers of a relation made ready: normalised, judged, and hashed where that can't wait."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from sqlglot import exp, select

from reconciler.errors import SourceInvalid
from reconciler.membership import addresses, digests
from reconciler.membership.engine import Engine
from reconciler.membership.files import told
from reconciler.membership.identifiers import Column, as_written
from reconciler.membership.keys import code
from reconciler.membership.normalise import Invalid
from reconciler.membership.spellings import read_spellings, spellings_of
from reconciler.membership.sql import Sql, alias, create, filtered, integer, name, table, text, together, when
from reconciler.membership.values import Stored
from reconciler.model.settings import Place

Layer = Callable[[Column], tuple[str, Sql]]


def prepare(
    engine: Engine, columns: Sequence[Column], *, of: str = "customers", into: str = "addressed", listed: str = "listed"
) -> None:
    """Make the relation `into`: the relation `of` with each identifier as it is sent (NULL when it is not valid) and
    the reason. Where columns are lists, make the table `listed(k, n, i, e, r)` of their elements as well.
    """
    single = [column for column in columns if not column.stored.is_list]
    lists = [column for column in columns if column.stored.is_list]
    for column in single:
        read_spellings(engine, column, of)
    if lists:
        engine.run(create(listed, together([_elements(engine, column, of) for column in lists])))
    rows = _read(single, table(of).as_("a"))
    for column in lists:
        rows = _with_one_of(rows, column, listed)
    engine.run(exp.Create(this=table(into), kind="VIEW", expression=rows))


def _read(columns: Sequence[Column], of: Sql) -> exp.Select:
    """The rows of a relation with what becomes of its columns, layer by layer."""
    rows = select(_all_of("a")).from_(of)
    for column in columns:
        rows = _with_spellings(rows, column)
    for layer in zip_longest(*(_layers(column) for column in columns)):
        told = [make(column) for make, column in zip(layer, columns, strict=True) if make]
        rows = select("*", *(alias(value, label) for label, value in told)).from_(rows.subquery("a", copy=False))
    return rows


def _with_spellings(rows: exp.Select, column: Column) -> exp.Select:
    spellings = spellings_of(column)
    if spellings is None:
        return rows
    owner = f"s{column.number}"
    rows = rows.select(alias(name("e", owner), f"s{column.value}"), alias(name("r", owner), f"r{column.value}"))
    same = name("raw", owner).eq(as_written(column))
    return rows.join(table(spellings.table).as_(owner), on=same, join_type="left")


def _layers(column: Column) -> Sequence[Layer]:
    if column.hashed:
        return digests.LAYERS
    return addresses.LAYERS if column.type == "email" else (_phone_reason, _phone_sent)


def _phone_reason(column: Column) -> tuple[str, Sql]:
    why = exp.func("COALESCE", name(f"r{column.value}"), text(Invalid.BLANK))
    return column.reason, when(name(f"s{column.value}").is_(exp.null()), why, exp.null())


def _phone_sent(column: Column) -> tuple[str, Sql]:
    number = name(f"s{column.value}")
    return column.value, digests.digest(column.form, number) if column.at_once else number


def _elements(engine: Engine, column: Column, of: str) -> exp.Select:
    """Rows `(k, n, i, e, r)`: an element of a column of lists each."""
    single = replace(column, stored=Stored(column.stored.kind))
    label = f"elements_of_{of}_{column.number}"
    elements = select(name("k"), alias(exp.Explode(this=name(column.raw)), column.raw)).from_(table(of))
    engine.run(create(label, elements))
    read_spellings(engine, single, label)
    rows = _read([single], table(label).as_("a")).subquery("a")
    told = {"n": integer(column.number), "i": code(column.type), "e": name(column.value), "r": name(column.reason)}
    return select(name("k"), *(alias(value, label) for label, value in told.items())).from_(rows)


def _with_one_of(rows: exp.Select, column: Column, listed: str) -> exp.Select:
    """With one valid identifier of a list, or one reason why there is none."""
    owner = f"l{column.number}"
    found = select(name("k"), alias(exp.Min(this=name("e")), column.value))
    worst = exp.Min(this=when(name("r").eq(text(Invalid.BLANK)), exp.null(), name("r")))
    found = found.select(alias(worst, column.reason)).from_(table(listed))
    found = found.where(name("n").eq(integer(column.number))).group_by(name("k"))
    why = exp.func("COALESCE", name(column.reason, owner), text(Invalid.BLANK))
    valid = name(column.value, owner)
    out = select(_all_of("a"), valid, alias(when(valid.is_(exp.null()), why, exp.null()), column.reason))
    same = name("k", "a").eq(name("k", owner))
    return out.from_(rows.subquery("a")).join(found.subquery(owner), on=same, join_type="left")


def _all_of(owner: str) -> exp.Column:
    return exp.Column(this=exp.Star(), table=exp.to_identifier(owner))


def valid_and_reasons(columns: Iterable[Column]) -> exp.Select:
    """Rows `(reason, count)` over all persons and columns, and over the elements of lists; reason NULL counts the valid
    ones.
    """
    return select(name("r"), exp.func("COUNT", exp.Star())).from_(_reasons(columns).subquery("a")).group_by(name("r"))


def _reasons(columns: Iterable[Column], of: str = "people", listed: str = "listed") -> exp.Query:
    single = {column.number: select(alias(name(column.reason), "r")).from_(table(of)) for column in columns}
    elements = select(name("r")).from_(table(listed))
    return together(
        [
            elements.where(name("n").eq(integer(column.number))) if column.stored.is_list else single[column.number]
            for column in columns
        ]
    )


def refuse_misdeclared(
    engine: Engine,
    columns: Iterable[Column],
    found: Collection[str | None],
    places: Mapping[tuple[str, str], Place],
    *,
    owner: str = "customers",
    of: str = "people",
    listed: str = "listed",
) -> None:
    """Raise SourceInvalid where a plain column holds digests, or a column of digests something that is plain.

    `found` are the reasons that occur at all, `places` tell where each column of `owner` was named.
    """
    problems = []
    for column in columns if set(_WRONG).intersection(found) else ():
        wrong = filtered(exp.func("COUNT", exp.Star()), exp.In(this=name("r"), expressions=[text(w) for w in _WRONG]))
        rows = _reasons([column], of, listed).subquery("a")
        count, every = engine.rows(select(wrong, exp.func("COUNT", exp.Star())).from_(rows))[0]
        if count:
            message = f"`{column.declared}` {_told(column, count, every)}"
            problems.append(told(places[owner, column.declared], message))
    if problems:
        raise SourceInvalid("Identifiers are not what was declared.", hint=_HINT, problems=tuple(problems))


_WRONG = (Invalid.HASH, Invalid.PLAIN)
_HINT = "Put plain and hashed identifiers into columns of their own, and say `hashed:` of the latter; nothing was sent."


def _told(column: Column, count: int, every: int) -> str:
    if column.hashed:
        plain = "addresses" if column.type == "email" else "telephone numbers"
        return f"is declared as {column.hashed}, and {count:,} of {every:,} values are plain {plain} or the like"
    return f"is declared as plain, and {count:,} of {every:,} values are digests"
