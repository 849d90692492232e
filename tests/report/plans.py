"""The plans whose reports are kept whole under `golden/`."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.address import Address
from reconciler.model.membership import (
    Cause,
    LeftOut,
    ListMembership,
    Membership,
    Merged,
    Movement,
    SourceHealth,
    TableHealth,
)
from reconciler.plan.build import build
from reconciler.plan.changes import Plan
from tests.plan.builders import (
    AS_OF,
    applied,
    at_criteo,
    audience,
    bought,
    cart,
    definition,
    desired,
    members,
    nothing,
    remote_segment,
    segment,
    still,
)

HEALTH = SourceHealth(
    customers=TableHealth(rows=40_000),
    events=TableHealth(rows=300_000, newest={"purchase": AS_OF}, future=12, orphans=3),
    valid_identifiers=36_500,
    invalid={"no_at": 410, "blank": 2_900},
    uncast={"customers.age": 2},
)


def changed() -> Plan:
    """A bit of everything: made, changed, blocked, drained, drifted, in slices, with members by change and by time."""
    old = desired(
        segment("recent"),
        segment("cart", cart("hot", "warm")),
        segment("lapsed", definition(bought("60d"))),
        segment("old-vips"),
        audience("recovery", ["cart.hot"], ["recent"], ad_sets=("1",)),
        audience("second-touch", ["cart.warm"]),
    )
    new = desired(
        segment("recent", name="Recent purchasers"),
        segment("cart", cart("hot", "warm", none=())),
        segment("lapsed", definition(bought("60d"))),
        segment("vips", name="VIPs"),
        audience("recovery", ["cart.hot"], ["recent", "vips"], ad_sets=("1", "2")),
        audience("second-touch", ["cart.warm"], ["recent"]),
        removed={"segment.old-vips": "drain"},
    )
    world = at_criteo(old)
    renamed = remote_segment(Address("segment.recent"), "Theirs")
    actual = replace(world, segments={**world.segments, Address("segment.recent"): renamed})
    return build(new, actual, applied(old), _changed_members())


def _changed_members() -> Membership:
    return members(
        ListMembership(
            address=Address("segment.recent"),
            before=1200,
            wanted=1300,
            added=4900,
            removed_by={Cause.AGED: 4588, Cause.CONSENT: 212},
            by_time=Movement(4900, 4800),
            resent=Movement(40, 2),
            left_out={LeftOut.NO_CONSENT: 30, LeftOut.NO_IDENTIFIER: 7, LeftOut.INVALID: 2},
        ),
        ListMembership(
            address=Address("segment.cart.hot"),
            before=900,
            wanted=1400,
            added=620,
            removed_by={Cause.AGED: 120},
            moved_by={Cause.AGED: 80},
            by_change=Movement(512, 0),
            by_time=Movement(108, 120),
        ),
        ListMembership(address=Address("segment.cart.warm"), before=700, wanted=780, added=80, by_time=Movement(80, 0)),
        ListMembership(
            address=Address("segment.lapsed"),
            before=600,
            wanted=365,
            added=5,
            removed_by={Cause.GONE: 240},
            by_time=Movement(5, 240),
        ),
        ListMembership(address=Address("segment.old-vips"), before=55, removed_by={Cause.DEFINITION: 55}),
        ListMembership(address=Address("segment.vips"), wanted=70, added=70, by_change=Movement(70, 0)),
        health=HEALTH,
    )


def several() -> Plan:
    """A first fill, from several sources of events of which one has nothing yet."""
    new = desired(segment("recent"))
    listed = ListMembership(address=Address("segment.recent"), wanted=9, added=9, by_change=Movement(9, 0))
    tables = (
        TableHealth(name="data/visits/*.parquet", rows=299_000, newest={"view": AS_OF, "cart": AS_OF}, future=12),
        TableHealth(name="data/orders.parquet", rows=1_000, newest={"purchase": AS_OF}),
        TableHealth(name="data/calls.csv"),
    )
    return build(
        new,
        nothing(),
        None,
        members(
            listed, health=replace(HEALTH, sources=tables, merged=Merged(records=310, persons=150, shared_by_many=2))
        ),
    )


def unchanged() -> Plan:
    """Nothing to do."""
    same = desired(segment("recent"), audience("x", ["recent"]))
    return build(same, at_criteo(same), applied(same), still(same))


def blocked() -> Plan:
    """Something to do, and none of it may be done: a stale source, and a name of somebody else."""
    old, new = desired(segment("recent")), desired(segment("recent"), segment("vips", name="VIPs"))
    frozen = ListMembership(
        address=Address("segment.recent"),
        before=10,
        wanted=4,
        frozen=("purchase: the newest is of 2026-11-20 06:00 UTC, 36h old; fresh_within allows 6h",),
    )
    empty = ListMembership(address=Address("segment.vips"))
    actual = at_criteo(old, foreign_segments=["VIPs"])
    return build(new, actual, applied(old), members(frozen, empty, health=HEALTH))


def cyclic() -> Plan:
    """Lists that exclude each other, on a first apply without a limit of calls."""
    new = desired(
        segment("a"), segment("b"), audience("x", ["a"], ["b"]), audience("y", ["b"], ["a"]), calls_per_minute=0
    )
    lists = (ListMembership(address=Address(f"segment.{key}"), wanted=5, added=5) for key in "ab")
    return build(new, nothing(), None, members(*lists, health=HEALTH))


PLANS = {"changed": changed, "several": several, "unchanged": unchanged, "blocked": blocked, "cyclic": cyclic}
