"""What a session tells of its source, beside what plain loops count."""

from __future__ import annotations

from reconciler.model.membership import SourceHealth
from tests.membership.brute import Brute
from tests.membership.brute_health import Figures, Health, Table
from tests.membership.packs import Pack
from tests.membership.worlds import AS_OF


def difference(pack: Pack, told: SourceHealth) -> str:
    """How the figures of a session over a pack differ from those of plain loops; nothing where they do not."""
    wanted, got = expected(pack), figures(told)
    if wanted == got and told.events.orphans in wanted.orphans:
        return ""
    return f"expected {wanted}\n  got      {got}"


def expected(pack: Pack) -> Figures:
    """By plain loops over the rows of all cases."""
    brute = Brute(pack.data().world)
    segments = [segment for case in pack.cases for segment in case.asked]
    wanted = [segment.wanted for segment in segments if segment.wanted]
    applied = [segment.applied for segment in segments if segment.applied]
    running = tuple(each for each in wanted if brute.in_period(each, AS_OF))
    return Health(brute, (*wanted, *applied), running, AS_OF).figures()


def figures(told: SourceHealth) -> Figures:
    """What the session says, in the same words."""
    wrong = sum(count for reason, count in told.invalid.items() if reason != "blank")
    identifiers = {"valid": told.valid_identifiers, "wrong": wrong}
    merged = (told.merged.records, told.merged.persons, told.merged.shared_by_many) if told.merged else None
    assert told.events.future == sum(each.future for each in told.sources)
    return Figures(
        told.customers.rows,
        tuple(Table(each.rows, dict(each.newest), each.future) for each in told.sources),
        {kind: count for kind, count in identifiers.items() if count},
        dict(told.uncast),
        sum(told.silent.values()),
        merged,
        range(told.events.orphans, told.events.orphans + 1),
    )
