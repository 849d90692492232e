"""One person and the lists of a segment: in or out, by what, since when and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from reconciler.explain.answers import Explained, Standing
from reconciler.explain.clock import Clock, Moment, clocks, identifying
from reconciler.explain.conditions import Clause
from reconciler.explain.fates import fates_of, in_period, needs_consent, reasons
from reconciler.explain.judging import Found, judge, looker
from reconciler.explain.targets import Target
from reconciler.explain.timeline import NEVER, Turns
from reconciler.membership.finding import Sought
from reconciler.model.workspace import Workspace


def explain_person(
    workspace: Workspace, targets: Sequence[Target], sought: Sought, moment: Moment
) -> tuple[Explained, ...]:
    """Everybody whom a key or an identifier means, in some lists. Raises NotFound where that is nobody."""
    return tuple(_explained(clock, moment.as_of) for clock in clocks(workspace, targets, sought, moment))


def _explained(clock: Clock, as_of: dt.datetime) -> Explained:
    turns = clock.turns(as_of)
    return Explained(
        as_of=as_of,
        holders=clock.holders,
        records=clock.full(as_of).records,
        standings=standings(clock, clock.targets, as_of, turns),
        predictable=clock.predictable,
        looked=(turns[0].until, turns[1].until),
    )


def standings(
    clock: Clock, targets: Sequence[Target], as_of: dt.datetime, turns: tuple[Turns, Turns] = (NEVER, NEVER)
) -> tuple[Standing, ...]:
    """Where she stands in each list; without `turns` it is not told since when and until when."""
    look = looker(clock.study, as_of, identifying(clock.settings))
    return tuple(_standing(each, clock, as_of, look, turns) for each in targets)


def _standing(
    target: Target, clock: Clock, as_of: dt.datetime, look: Callable[[Clause], Found], turns: tuple[Turns, Turns]
) -> Standing:
    case, settings, address = clock.full(as_of), clock.settings, target.address
    judged = judge(target.clause, case.standing.meets, look)
    belongs = clock.belongs(case)[address]
    return Standing(
        address=address,
        name=target.name,
        place=target.segment.place,
        published=target.segment.publish,
        belongs=belongs,
        reasons=tuple(reasons(target, case, judged, settings, belongs=belongs)),
        consents=case.standing.consents if needs_consent(target, settings) else None,
        in_period=in_period(target, as_of, settings),
        judged=judged,
        fates=fates_of(target, case, settings) if target.segment.publish else (),
        turned=clock.turn([target], turns[0].at.get(address)),
        turns=clock.turn([target], turns[1].at.get(address)),
    )
