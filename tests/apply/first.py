"""The first apply that most tests begin with."""

from __future__ import annotations

from reconciler.plan.changes import Operation, Phase, Plan
from tests.apply.people import SetMoves, people
from tests.apply.plans import (
    BUYERS,
    HOT,
    RECOVERY,
    add,
    create,
    create_audience,
    plan_of,
    step,
)
from tests.state.snapshots import CART

FIRST = {HOT: people(1, 8), BUYERS: people(9, 12)}


def first_plan(moves: SetMoves) -> Plan:
    """Two lists, an audience that includes one and excludes the other, and its ad set."""
    creates = (f"create {HOT}", f"create {BUYERS}")
    return plan_of(
        create(HOT, definition=CART),
        create(BUYERS),
        create_audience([HOT], [BUYERS], *creates),
        add(BUYERS, f"create {BUYERS}", phase=Phase.RESTRICT),
        add(HOT, f"create {HOT}", f"add {BUYERS}"),
        step("link", Operation.LINK, Phase.LOOSEN, RECOVERY, f"add {HOT}", f"add {BUYERS}", f"create {RECOVERY}"),
        moves=moves,
    )
