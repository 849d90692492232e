"""A source opened on an engine, and its people made: everything that is computed before the ledger is looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.membership.checks import Columns
from reconciler.membership.difference import Side
from reconciler.membership.engine import Engine
from reconciler.membership.identifiers import Column
from reconciler.membership.layout import Layout
from reconciler.membership.ledger import DoubtFile, LedgerFiles
from reconciler.membership.people import People
from reconciler.membership.questions import Questions, sort_out
from reconciler.membership.source import Relations
from reconciler.membership.sql import create, name
from reconciler.membership.tables import Declared
from reconciler.membership.taking import take
from reconciler.model.address import Address, Two
from reconciler.model.definition import Definition
from reconciler.model.membership import AskedSegment, Merged
from reconciler.model.overlap import Targets
from reconciler.model.settings import EngineAccess, Settings
from reconciler.state.snapshot import SourceCounts


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What to compute.

    `columns` must be there, each with the place that names it; `bits` are the places of all lists, known and new, in
    the ledger; `folders` are those that may be written to; `before` are the source's sizes at the last apply; `access`
    is how an engine that is not in this process is reached; `apart` are segments, or audiences with what they target
    in `aims`, of which it is asked whom they share; `report` is told what is being done, in a few words.
    """

    settings: Settings
    columns: Columns
    asked: tuple[AskedSegment, ...]
    as_of: dt.datetime
    bits: Mapping[Address, int]
    ledger: LedgerFiles
    folders: tuple[Path, ...] = ()
    doubts: tuple[DoubtFile, ...] = ()
    before: SourceCounts | None = None
    access: EngineAccess = field(default_factory=EngineAccess)
    apart: tuple[Two, ...] = ()
    aims: Mapping[Address, Targets] = field(default_factory=dict)
    report: Callable[[str], None] = field(default=lambda _: None, repr=False, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """An engine with the source opened on it, and what is asked of it."""

    engine: Engine
    request: Request
    relations: Relations
    layout: Layout
    questions: Questions
    columns: tuple[Column, ...]
    definitions: tuple[Definition, ...]
    rows: int
    merged: Merged | None


def open_source(engine: Engine, request: Request, declared: Mapping[str, Declared]) -> Opened:
    """Make the relations of people and events, with who is one person and whose each event is.

    Raises SourceInvalid for data that does not fit, EngineFailed.
    """
    asked, settings = request.asked, request.settings
    wanted = tuple(each.wanted for each in asked if each.wanted)
    applied = tuple(each.applied for each in asked if each.applied)
    taken = take(engine, settings, declared, request.columns, wanted, earlier=applied, report=request.report)
    return Opened(
        engine=engine,
        request=request,
        relations=taken.relations,
        layout=Layout(request.bits),
        questions=sort_out(asked, request.as_of, settings.time_zone),
        columns=taken.columns,
        definitions=(*wanted, *applied),
        rows=taken.rows,
        merged=taken.merged,
    )


def sides_of(opened: Opened) -> list[Side]:
    """The definitions to evaluate side by side: the wanted ones, and the applied ones where any differ."""
    layout, questions = opened.layout, opened.questions
    consent = layout.mask(questions.consenting)
    wanted = Side(member="w", qualifying="wq", denying="wn", needs_consent=consent, slices=questions.slices)
    if questions.all_alike:
        return [wanted]
    consent_then = layout.mask(questions.consenting_then)
    then = questions.slices_then
    applied = Side(member="a", qualifying="aq", denying="an", needs_consent=consent_then, slices=then)
    return [wanted, applied]


def make_people(opened: Opened) -> None:
    """Make the table `people`: one row a record, with the words of each side."""
    engine, questions = opened.engine, opened.questions
    people = People(opened.relations, opened.layout, opened.request.as_of)
    for evaluated in questions.wanted:
        people.qualify("wq", evaluated, direct=True)
        people.deny("wn", evaluated)
    for evaluated in () if questions.all_alike else questions.denying:
        people.deny("an", evaluated)
    for evaluated in questions.changed:
        people.qualify("aq", evaluated)
    people.ask_consent()
    people.prepare(engine, opened.rows)
    told = [label for column in opened.columns for label in (column.value, column.reason)]
    extra = [(label, name(label, "customers")) for label in told]
    families = ("wq", "wn") if questions.all_alike else ("wq", "wn", "aq", "an")
    engine.run(create("people", people.query(families, extra, of=opened.relations.addressed)))
