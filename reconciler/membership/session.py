"""The entry of the stage: open an engine on the source and the ledger, compute every list, answer counts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Self

from sqlglot import exp, select

from reconciler.errors import EngineFailed
from reconciler.membership import counts, preparing, source
from reconciler.membership.apart import count_in_both
from reconciler.membership.causes import Inquiry, make_causes
from reconciler.membership.dialect import write
from reconciler.membership.difference import make_joined, make_members
from reconciler.membership.engine import Engine
from reconciler.membership.engines import open_engine
from reconciler.membership.health import count_silent, count_unreadable, event_health, merged
from reconciler.membership.ledger import open_doubts, open_ledger
from reconciler.membership.moves import DecidedMoves, make_moves
from reconciler.membership.opening import Opened, Request, make_people, open_source, sides_of
from reconciler.membership.questions import Typed, typed_columns
from reconciler.membership.sql import name, table
from reconciler.membership.tables import Declared, blame, declare
from reconciler.membership.trust import Distrust, distrust
from reconciler.membership.unions import Unions
from reconciler.model.address import Address
from reconciler.model.identifiers import Form
from reconciler.model.membership import Membership, Selection, SourceHealth, TableHealth
from reconciler.model.moves import Moves


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
        inquiry, caused = self._inquiry, self._differences.caused
        make_moves(self._engine, layout, inquiry.frozen, selection, caused=caused, unions=inquiry.unions)
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


def _compute(engine: Engine, request: Request, declared: Mapping[str, Declared]) -> Session:
    opened = open_source(engine, request, declared)
    sides = sides_of(opened)
    request.report("Reading events")
    make_people(opened)
    request.report("Looking at the source")
    health = _health(opened)
    request.report("Joining members with the ledger")
    open_ledger(engine, opened.layout, request.ledger)
    open_doubts(engine, opened.layout, request.doubts)
    make_members(engine, opened.layout, sides, opened.columns)
    questions = opened.questions
    make_joined(engine, opened.layout, questions)
    settings = request.settings
    mistrust = distrust(health, settings.source, request.as_of, request.before, settings.guards.max_gone)
    reasons = {address: why for address, kinds in questions.kinds.items() if (why := mistrust.reasons(kinds))}
    inquiry = _inquiry(opened, frozenset(reasons), mistrust)
    differences = counts.look(engine, opened.layout)
    if differences.caused:
        request.report("Finding why people leave")
        make_causes(engine, inquiry)
    request.report("Counting")
    lists = counts.tally(engine, inquiry, questions, differences, {**reasons, **_of_parts(questions.unions, reasons)})
    shared = count_in_both(engine, opened.layout, sides[0], opened.columns, pairs=request.apart, aims=request.aims)
    membership = Membership(as_of=request.as_of, lists=lists, health=health, in_both=shared)
    return Session(
        engine,
        inquiry,
        differences,
        membership,
        form=request.settings.criteo.email_form,
        has_base=request.ledger.base is not None,
    )


def _of_parts(unions: Unions, reasons: Mapping[Address, tuple[str, ...]]) -> dict[Address, tuple[str, ...]]:
    """What freezes the parts of a list that is made of others, which then holds what they hold."""
    found = {union: [why for part in parts for why in reasons.get(part, ())] for union, parts in unions.items()}
    return {union: tuple(dict.fromkeys(why)) for union, why in found.items() if why}


def _health(opened: Opened) -> SourceHealth:
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


def _inquiry(opened: Opened, frozen: frozenset[Address], mistrust: Distrust) -> Inquiry:
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
        unions=questions.unions,
    )
