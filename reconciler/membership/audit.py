"""How good the identifiers of a source are: each column read once, by the normalisers that a plan uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType

from sqlglot import exp, select

from reconciler.errors import EngineFailed
from reconciler.membership.checks import Columns
from reconciler.membership.engine import Engine
from reconciler.membership.engines import open_engine
from reconciler.membership.faults import faults_of, has_fault, shape_of
from reconciler.membership.identifiers import Column, as_written, columns_of
from reconciler.membership.normalise import Invalid
from reconciler.membership.preparing import prepare
from reconciler.membership.source import Relations, open_relations, relation_of, source_columns
from reconciler.membership.sql import alias, create, drop, filtered, integer, name, negated, table, text
from reconciler.membership.tables import blame, declare, owners
from reconciler.membership.values import Stored
from reconciler.model.audit import Audit, ColumnAudit, Shape
from reconciler.model.settings import EngineAccess, Settings

SHAPES = 10
"""The most shapes that are shown of a column."""
ALIKE = 3
"""Only what so many rows share is shown: a shape of one row might tell whose it is."""
_COUNT = exp.func("COUNT", exp.Star())


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a column stands: its table as messages call it, and the relation of its rows."""

    table: str
    relation: str
    column: Column


def audit(settings: Settings, columns: Columns, access: EngineAccess) -> Audit:
    """Look at every declared column of identifiers. Raises SourceInvalid for data that does not fit or can't be read,
    EngineFailed when the engine can't. `columns` tell where the workspace names them.
    """
    source = settings.source
    declared = declare(settings.root, source)
    paths = [path for each in declared.values() for path in each.paths]
    with open_engine(source, access, paths, ()) as engine:
        try:
            named = {pair: columns.get(pair, place) for pair, place in source_columns(source).items()}
            relations = open_relations(engine, source, declared, named)
            found = [_audited(engine, number, each) for number, each in enumerate(_places(settings, relations))]
        except EngineFailed:
            blame(engine, declared.values())
            raise
    return Audit(workspace=settings.workspace, columns=tuple(found))


def _places(settings: Settings, relations: Relations) -> Iterator[_Place]:
    source = settings.source
    for column in columns_of(source.customers.identifiers, settings, relations.customers):
        yield _Place("customers", "customers", column)
    for number, (owner, events) in enumerate(owners(source).items()):
        for column in columns_of(events.identifiers, settings, relations.own[number]):
            yield _Place(owner, relation_of(source, number), column)


def _audited(engine: Engine, number: int, place: _Place) -> ColumnAudit:
    """One scan into a table of values with what became of them; everything else is asked of it."""
    column, relation = replace(place.column, stored=Stored(place.column.stored.kind)), place.relation
    if place.column.stored.is_list:
        relation = f"elements_{number}"
        elements = alias(exp.Explode(this=name(column.raw)), column.raw)
        engine.run(create(relation, select(elements).from_(table(place.relation))))
    prepare(engine, (column,), of=relation, into=f"judged_{number}")
    told = {"w": as_written(column), "e": name(column.value), "r": name(column.reason)}
    values = select(*(alias(value, label) for label, value in told.items())).from_(table(f"judged_{number}"))
    engine.run(create("audited", values))
    found = _counted(engine, place)
    engine.run(drop("audited"))
    return found


def _counted(engine: Engine, place: _Place) -> ColumnAudit:
    reasons: dict[str | None, int] = dict(engine.rows(_from().select(name("r"), _COUNT).group_by(name("r"))))
    blank, valid = reasons.pop(Invalid.BLANK, 0), reasons.pop(None, 0)
    invalid = {str(reason): count for reason, count in sorted(reasons.items(), key=_often)}
    shapes = _shapes(engine)
    distinct, shared = _held(engine)
    return ColumnAudit(
        table=place.table,
        column=place.column.declared,
        type=place.column.type,
        hashed=place.column.hashed,
        rows=blank + valid + sum(invalid.values()),
        blank=blank,
        faults=MappingProxyType(_faults(engine, place.column)),
        invalid=MappingProxyType(invalid),
        valid=valid,
        distinct=distinct,
        shared=shared,
        shapes=shapes,
        other_shapes=sum(invalid.values()) - sum(shape.rows for shape in shapes),
    )


def _often(counted: tuple[str | None, int]) -> tuple[int, str]:
    return -counted[1], str(counted[0])


def _from() -> exp.Select:
    return exp.select().from_(table("audited"))


def _faults(engine: Engine, column: Column) -> dict[str, int]:
    """How many values have each fault, of those that are not blank."""
    patterns = faults_of(column)
    counts = [filtered(_COUNT.copy(), has_fault(name("w"), pattern)) for pattern in patterns.values()]
    there = exp.func("COALESCE", name("r"), text("")).neq(text(Invalid.BLANK))
    found = engine.rows(_from().select(*counts).where(there))[0]
    counted = [(fault, int(count)) for fault, count in zip(patterns, found, strict=True) if count]
    return dict(sorted(counted, key=_often))


def _held(engine: Engine) -> tuple[int, int]:
    """How many different identifiers there are, and how many of them stand in several rows."""
    held = _from().select(alias(_COUNT.copy(), "n")).where(negated(name("e").is_(exp.null()))).group_by(name("e"))
    several = filtered(_COUNT.copy(), name("n") > integer(1))
    distinct, shared = engine.rows(select(_COUNT.copy(), several).from_(held.subquery("h")))[0]
    return int(distinct), int(shared)


def _shapes(engine: Engine) -> tuple[Shape, ...]:
    invalid = name("e").is_(exp.null()).and_(name("r").neq(text(Invalid.BLANK)))
    shapes = _from().select(alias(shape_of(name("w")), "s")).where(invalid).subquery("a")
    often = select(name("s"), alias(_COUNT.copy(), "n")).from_(shapes).where(negated(name("s").is_(exp.null())))
    often = often.group_by(name("s")).having(_COUNT.copy() >= integer(ALIKE))
    rows = engine.rows(often.order_by(name("n").desc(), name("s")).limit(SHAPES))
    return tuple(Shape(pattern, int(count)) for pattern, count in rows)
