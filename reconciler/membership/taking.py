"""A source taken in: its relations on an engine, identifiers judged, records made persons, guests found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from reconciler.membership import preparing
from reconciler.membership.checks import Columns
from reconciler.membership.chosen import take_key_files
from reconciler.membership.engine import Engine
from reconciler.membership.guests import Party, welcome
from reconciler.membership.identifiers import Column, columns_of
from reconciler.membership.questions import columns_read, kinds_read
from reconciler.membership.records import check_keys
from reconciler.membership.same_person import make_persons
from reconciler.membership.source import Relations, open_relations
from reconciler.membership.tables import Declared
from reconciler.model.definition import Definition
from reconciler.model.membership import Merged
from reconciler.model.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """The relations, the columns of identifiers of customers, the number of records, and what of them merged."""

    relations: Relations
    columns: tuple[Column, ...]
    rows: int
    merged: Merged | None


def take(
    engine: Engine,
    settings: Settings,
    declared: Mapping[str, Declared],
    columns: Columns,
    wanted: Iterable[Definition],
    *,
    earlier: Iterable[Definition] = (),
    report: Callable[[str], None],
) -> Taken:
    """Make everything that the definitions read, and that who belongs is decided by. What only `earlier` ones read may
    be gone. Raises SourceInvalid for data that does not fit or can't be read, EngineFailed.
    """
    wanted, earlier = tuple(wanted), tuple(earlier)
    definitions = (*wanted, *earlier)
    report("Reading customers")
    relations = open_relations(engine, settings.source, declared, columns, columns_read(definitions))
    rows = check_keys(engine, relations, columns)
    identifiers = columns_of(settings.source.customers.identifiers, settings, relations.customers)
    report("Judging identifiers")
    preparing.prepare(engine, identifiers)
    merged = make_persons(engine, relations, identifiers)
    party = Party(
        engine=engine,
        relations=relations,
        columns=identifiers,
        settings=settings,
        kinds=kinds_read(definitions),
        places=columns,
    )
    take_key_files(engine, relations, settings.root, wanted, earlier)
    return Taken(relations=welcome(party), columns=identifiers, rows=rows, merged=merged)
