"""The entry of the stage: open an engine on the source and the ledger, compute every list, answer counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Self

from sqlglot import exp, select

from reconciler.errors import EngineFailed
from reconciler.membership import counts, preparing, source
from reconciler.membership.causes import Inquiry, make_causes
from reconciler.membership.checks import Columns
from reconciler.membership.chosen import take_key_files
from reconciler.membership.dialect import write
from reconciler.membership.difference import Side, make_joined, make_members
from reconciler.membership.engine import Engine
from reconciler.membership.engines import open_engine
from reconciler.membership.guests import Party, welcome
from reconciler.membership.health import count_silent, count_unreadable, event_health, merged
from reconciler.membership.identifiers import Column, columns_of
from reconciler.membership.layout import Layout
from reconciler.membership.ledger import DoubtFile, LedgerFiles, open_doubts, open_ledger
from reconciler.membership.moves import DecidedMoves, make_moves
from reconciler.membership.people import People
from reconciler.membership.questions import Questions, Typed, columns_read, kinds_read, sort_out, typed_columns
from reconciler.membership.records import check_keys
from reconciler.membership.same_person import make_persons
from reconciler.membership.sql import create, name, table
from reconciler.membership.tables import Declared, blame, declare
from reconciler.membership.trust import Distrust, distrust
from reconciler.model.address import Address
from reconciler.model.definition import Definition
from reconciler.model.identifiers import Form, Moves
from reconciler.model.membership import AskedSegment, Membership, Merged, Selection, SourceHealth, TableHealth
from reconciler.model.settings import EngineAccess, Settings
from reconciler.state.snapshot import SourceCounts


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What to compute.

    `columns` must be there, each with the place that names it; `bits` are the places of all lists, known and new, in
    the ledger; `folders` are those that may be written to; `before` are the source's sizes at the last apply; `access`
    is how an engine that is not in this process is reached; `report` is told what is being done, in a few words.
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
    report: Callable[[str], None] = field(default=lambda _: None, repr=False, compare=False)


class Session:
    """An open engine with everything computed: `membership` for the plan, moves for apply.

    Close it to wipe its spill.
    """

    def __init__(
        self,
        engine: Engine,
        inquiry: Inquiry,
        differences: counts.Differences,
        membership: Membership,
        *,
        form: Form,
        has_base: bool,
    ) -> None:
        self.membership = membership
        self._form = form
        self._engine = engine
        self._inquiry = inquiry
        self._differences = differences
        self._has_base = has_base

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.close()

    def sql(self) -> str:
        """Every statement that was run, in order, ready to be read."""
        dialect = self._engine.dialect
        return "".join(f"{write(tree, dialect, pretty=True)};\n\n" for tree in self._engine.statements)

    def decide(self, selection: Selection) -> Moves:
        """What the plan lets through, ready to be sent."""
        layout = self._inquiry.layout
        make_moves(self._engine, layout, self._inquiry.frozen, selection, caused=self._differences.caused)
        return DecidedMoves(self._engine, layout, self._form, has_base=self._has_base)


def open_session(request: Request) -> Session:
    """Compute. Raises SourceInvalid for data that does not fit or can't be read, EngineFailed when the engine can't."""
    settings = request.settings
    declared = declare(settings.root, settings.source)
    paths = [*(path for each in declared.values() for path in each.paths), *_state_files(request)]
    engine = open_engine(settings.source, request.access, paths, request.folders)
    try:
        return _compute(engine, request, declared)
    except BaseException as error:
        with engine:
            if isinstance(error, EngineFailed):
                blame(engine, declared.values())
        raise


def _state_files(request: Request) -> list[Path]:
    base = [request.ledger.base] if request.ledger.base else []
    return [*base, *request.ledger.deltas, *(doubt.path for doubt in request.doubts)]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Opened:
    """An engine with the source opened on it, and what is asked of it."""

    engine: Engine
    request: Request
    relations: source.Relations
    layout: Layout
    questions: Questions
    columns: tuple[Column, ...]
    definitions: tuple[Definition, ...]
    rows: int
    merged: Merged | None


def _compute(engine: Engine, request: Request, declared: Mapping[str, Declared]) -> Session:
    opened = _open(engine, request, declared)
    sides = _sides(opened)
    request.report("Reading events")
    _make_people(opened)
    request.report("Looking at the source")
    health = _health(opened)
    request.report("Joining members with the ledger")
    open_ledger(engine, opened.layout, request.ledger)
    open_doubts(engine, opened.layout, request.doubts)
    make_members(engine, opened.layout, sides, opened.columns)
    questions = opened.questions
    make_joined(engine, opened.layout, questions.addresses, None if questions.all_alike else questions.alike)
    settings = request.settings
    mistrust = distrust(health, settings.source, request.as_of, request.before, settings.guards.max_gone)
    reasons = {address: why for address, kinds in questions.kinds.items() if (why := mistrust.reasons(kinds))}
    inquiry = _inquiry(opened, frozenset(reasons), mistrust)
    differences = counts.look(engine, opened.layout)
    if differences.caused:
        request.report("Finding why people leave")
        make_causes(engine, inquiry)
    request.report("Counting")
    lists = counts.tally(engine, inquiry, questions, differences, reasons)
    membership = Membership(as_of=request.as_of, lists=lists, health=health)
    return Session(
        engine,
        inquiry,
        differences,
        membership,
        form=request.settings.criteo.email_form,
        has_base=request.ledger.base is not None,
    )


def _open(engine: Engine, request: Request, declared: Mapping[str, Declared]) -> _Opened:
    asked, settings = request.asked, request.settings
    definitions = tuple(definition for each in asked for definition in (each.wanted, each.applied) if definition)
    more = columns_read(definitions)
    request.report("Reading customers")
    relations = source.open_relations(engine, settings.source, declared, request.columns, more)
    rows = check_keys(engine, relations, request.columns)
    columns = columns_of(settings.source.customers.identifiers, settings, relations.customers)
    request.report("Judging identifiers")
    preparing.prepare(engine, columns)
    together = make_persons(engine, relations, columns)
    kinds = kinds_read(definitions)
    party = Party(
        engine=engine, relations=relations, columns=columns, settings=settings, kinds=kinds, places=request.columns
    )
    take_key_files(engine, relations, settings.root, asked)
    return _Opened(
        engine=engine,
        request=request,
        relations=welcome(party),
        layout=Layout(request.bits),
        questions=sort_out(asked, request.as_of, settings.time_zone),
        columns=columns,
        definitions=definitions,
        rows=rows,
        merged=together,
    )


def _sides(opened: _Opened) -> list[Side]:
    layout, questions = opened.layout, opened.questions
    consent = layout.mask(questions.consenting)
    wanted = Side(member="w", qualifying="wq", denying="wn", needs_consent=consent, slices=questions.slices)
    if questions.all_alike:
        return [wanted]
    consent_then = layout.mask(questions.consenting_then)
    then = questions.slices_then
    applied = Side(member="a", qualifying="aq", denying="an", needs_consent=consent_then, slices=then)
    return [wanted, applied]


def _make_people(opened: _Opened) -> None:
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
    engine.run(create("people", people.query(families, extra, of="addressed")))


def _health(opened: _Opened) -> SourceHealth:
    engine, relations = opened.engine, opened.relations
    reasons: dict[str | None, int] = dict(engine.rows(preparing.valid_and_reasons(opened.columns)))
    preparing.refuse_misdeclared(engine, opened.columns, reasons, opened.request.columns)
    sources = event_health(engine, relations, opened.request.as_of)
    typed = [*typed_columns(opened.definitions), *_consent_column(relations)]
    return SourceHealth(
        customers=TableHealth(rows=opened.rows),
        events=merged(sources, _orphans(engine)),
        sources=sources,
        valid_identifiers=reasons.get(None, 0),
        invalid=MappingProxyType({why: n for why, n in sorted(reasons.items(), key=str) if why is not None}),
        uncast=count_unreadable(engine, relations, typed),
        silent=count_silent(engine, relations),
        merged=opened.merged,
    )


def _consent_column(relations: source.Relations) -> list[Typed]:
    consent = relations.source.customers.consent
    return [("customers", consent.column, True)] if consent else []


def _orphans(engine: Engine) -> int:
    """Events that were read and found no person: those of all facts less those of all people."""
    if not engine.has("facts"):
        return 0
    read, found = (
        engine.rows(select(exp.func("SUM", name("n"))).from_(table(label)))[0][0] for label in ("facts", "people")
    )
    return int(read or 0) - int(found or 0)


def _inquiry(opened: _Opened, frozen: frozenset[Address], mistrust: Distrust) -> Inquiry:
    layout, questions = opened.layout, opened.questions
    kinds = frozenset(kind for each in questions.kinds.values() for kind in each)
    return Inquiry(
        layout=layout,
        relations=opened.relations,
        columns=opened.columns,
        as_of=opened.request.as_of,
        wanted=questions.wanted,
        applied=questions.denying,
        needs_consent=layout.mask(questions.consenting),
        drained=layout.mask(questions.drained),
        frozen=layout.mask(frozen),
        stale=mistrust.stale(kinds),
        slices=questions.slices,
        slices_then=questions.slices_then,
        all_alike=questions.all_alike,
        then=questions.then,
        then_needs_consent=layout.mask(questions.consenting_then),
    )
