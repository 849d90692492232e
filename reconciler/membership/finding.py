"""Finding persons by a key or an identifier, and a study of them and of those with whom they share identifiers alone.

What is looked for goes to the engine as a value, never as text of a statement: statements can be printed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp, select

from reconciler.membership.digests import LENGTHS, digest
from reconciler.membership.engine import Engine
from reconciler.membership.identifiers import Column, identifier_rows
from reconciler.membership.keys import TYPES
from reconciler.membership.normalise import HASH, Invalid, read_email
from reconciler.membership.persons import persons_of
from reconciler.membership.phones import read_phone
from reconciler.membership.sql import Sql, alias, create, drop, each, integer, name, table, text, together
from reconciler.membership.study import Study
from reconciler.model.identifiers import Form, IdentifierType

FOUND, SHARING = "found", "concerned"
"""The tables of the keys `k`: of all records of those who were found, and with them of all who share an identifier."""


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Sought:
    """Who is looked for: a customer key, or an identifier of a type: as a person writes it, or its digest in hex."""

    value: str
    type: IdentifierType | None = None


def find(study: Study, sought: Sought) -> tuple[str, ...]:
    """Make the table `found`, and answer the persons by their keys, sorted."""
    engine, opened = study.engine, study.opened
    for label in ("sought", "found_first", FOUND):
        engine.run(drop(label))
    _take(engine, "sought", list(_looks(opened.columns, sought)))
    rows = _by_key(study) if sought.type is None else _by_identifier(opened.columns, sought.type)
    engine.run(create("found_first", rows))
    engine.run(create(FOUND, persons_of(opened.relations).whole("found_first")))
    persons = persons_of(opened.relations)
    rows = select(alias(study.key(persons.key(name("k", "f"))), "p")).distinct().from_(table(FOUND).as_("f"))
    return tuple(sorted(str(row[0]) for row in engine.rows(persons.joined(rows, name("k", "f")))))


def fault_of(study: Study, sought: Sought) -> Invalid | None:
    """Why an identifier is none that could be held by anybody; None where it could."""
    columns = [column for column in study.opened.columns if column.type == sought.type]
    verdicts = [_read(column, sought.value) for column in columns]
    faults = [why for value, why in verdicts if value is None]
    return faults[0] if faults and len(faults) == len(verdicts) else None


def narrowed(study: Study) -> Study:
    """A study of those who were found, and of those who hold an identifier of theirs: small, and quickly asked."""
    engine, opened = study.engine, study.opened
    columns, relations = opened.columns, opened.relations
    small = {each: f"{each}_small" for each in (relations.records, relations.addressed, relations.happened)}
    for label in ("found_identifiers", "sharing", SHARING, *small.values()):
        engine.run(drop(label))
    held = identifier_rows(columns, [name("k")], of=relations.addressed).subquery("a")
    theirs = select(name("e"), name("i")).distinct().from_(held).where(_among(name("k"), FOUND))
    engine.run(create("found_identifiers", theirs))
    same = name("e", "a").eq(name("e", "t")).and_(name("i", "a").eq(name("i", "t")))
    others = select(name("k", "a")).from_(held.copy()).join(table("found_identifiers").as_("t"), on=same)
    engine.run(create("sharing", together([others, select(name("k")).from_(table(FOUND))])))
    engine.run(create(SHARING, persons_of(relations).whole("sharing")))
    for whole, label in small.items():
        engine.run(create(label, select("*").from_(table(whole)).where(_among(name("k"), SHARING))))
    near = replace(
        relations,
        records=small[relations.records],
        addressed=small[relations.addressed],
        happened=small[relations.happened],
    )
    count = int(engine.rows(select(exp.func("COUNT", exp.Star())).from_(table(SHARING)))[0][0])
    return Study(replace(opened, relations=near, rows=count), study.lists)


def _among(key: Sql, keys: str) -> Sql:
    return exp.In(this=key, query=select(name("k")).from_(table(keys)).subquery())


def _by_key(study: Study) -> exp.Select:
    customers = study.opened.relations.records
    wanted = exp.In(this=study.key(name("k")), query=select(name("v")).from_(table("sought")).subquery())
    return select(name("k")).from_(table(customers)).where(wanted)


def _by_identifier(columns: Sequence[Column], of: IdentifierType) -> exp.Select:
    """Digests are compared with digests, plain identifiers with plain ones: `p` tells which a row of `sought` is."""
    mine = [column for column in columns if column.type == of]
    held = identifier_rows(columns, [name("k")], of="addressed").subquery("a")
    as_sent = digest(mine[0].form, name("e", "a")) if mine and not mine[0].at_once else name("e", "a")
    plain = each([name("p", "s").eq(text("1")), name("v", "s").eq(name("e", "a"))])
    sent = each([name("p", "s").eq(text("0")), name("v", "s").eq(as_sent)])
    rows = select(name("k", "a")).distinct().from_(held).join(table("sought").as_("s"), on=exp.or_(plain, sent))
    return rows.where(name("i", "a").eq(integer(TYPES.index(of))))


def _looks(columns: Sequence[Column], sought: Sought) -> Iterator[tuple[str, str]]:
    """What to compare with, each with whether it is plain."""
    if sought.type is None:
        yield sought.value, "1"
        return
    for column in (column for column in columns if column.type == sought.type):
        bare = sought.value.strip().lower()
        if HASH.fullmatch(bare) and len(bare) == LENGTHS[column.form]:
            yield bare, "0"
        value, _ = _read(column, sought.value)
        if value is not None:
            yield (_digest(column.form, value), "0") if column.at_once else (value, "1")


def _read(column: Column, value: str) -> tuple[str | None, Invalid | None]:
    return read_email(value) if column.type == "email" else read_phone(value, column.region)


def _digest(form: Form, value: str) -> str:
    data = value.encode()
    match form:
        case "sha256":
            return hashlib.sha256(data).hexdigest()
        case "md5":
            return hashlib.md5(data, usedforsecurity=False).hexdigest()
        case "sha256_of_md5":
            return hashlib.sha256(hashlib.md5(data, usedforsecurity=False).hexdigest().encode()).hexdigest()


def _take(engine: Engine, label: str, rows: Sequence[tuple[str, str]]) -> None:
    columns = [
        exp.ColumnDef(this=exp.to_identifier(c, quoted=True), kind=exp.DataType.build("TEXT")) for c in ("v", "p")
    ]
    engine.run(exp.Create(this=exp.Schema(this=table(label), expressions=columns), kind="TABLE"))
    distinct = sorted(set(rows))
    if distinct:
        engine.take(label, [[value for value, _ in distinct], [plain for _, plain in distinct]])
