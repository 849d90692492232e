"""Plans in one line, and how tests look into them."""

from __future__ import annotations

import datetime as dt

from reconciler.actual import Actual
from reconciler.desired import Desired
from reconciler.model.address import Address
from reconciler.model.membership import Cause, ListMembership, Membership
from reconciler.model.time import Period
from reconciler.plan.build import build
from reconciler.plan.changes import Plan, Step
from reconciler.state.snapshot import Snapshot
from tests.plan.builders import (
    applied,
    at_criteo,
    audience,
    desired,
    segment,
    still,
)

A, B, X = Address("segment.a"), Address("segment.b"), Address("audience.x")
PAST = Period(None, dt.date(2026, 1, 1))


def planned(
    new: Desired,
    old: Desired | None = None,
    *,
    actual: Actual | None = None,
    snapshot: Snapshot | None = None,
    membership: Membership | None = None,
) -> Plan:
    """The plan from what was applied (`old`, by default what is wanted) to what is wanted; nobody moves."""
    old = old or new
    return build(new, actual or at_criteo(old), snapshot or applied(old), membership or still(new, old))


def moving(address: str, added: int = 0, removed: int = 0, *, before: int = 1000) -> ListMembership:
    after = before + added - removed
    causes = {Cause.AGED: removed} if removed else {}
    return ListMembership(address=Address(address), before=before, wanted=after, added=added, removed_by=causes)


def ids(plan: Plan) -> list[str]:
    return [step.id for step in plan.steps]


def step(plan: Plan, name: str) -> Step:
    return next(each for each in plan.steps if each.id == name)


def blocks(plan: Plan) -> list[tuple[str, str]]:
    return [(each.address, each.guard) for each in plan.blocks]


WHOLE = desired(segment("a"), segment("b"), audience("x", ["a"], ["b"], ad_sets=("1",)))
