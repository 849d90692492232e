"""Snapshots for tests: one with something in every field."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from reconciler.model.address import Address
from reconciler.model.conditions import SLICE, Comparison, Event, Group, Pick, SegmentRef, Total
from reconciler.model.definition import Definition, Slice, Who
from reconciler.model.time import Period, Window
from reconciler.state.snapshot import AudienceRecord, Blob, Doubt, Ledger, ListRecord, Snapshot, SourceCounts

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOT = Address("segment.cart.hot")
BUYERS = Address("segment.buyers")
RECOVERY = Address("audience.recovery")

SPENT = Event(
    ("purchase",), within=Window(0, 10080), measure=Total("amount", (Comparison("at_least", (Decimal(100),)),))
)
LATEST = Event(("cart_added",), within=SLICE, measure=Pick(("purchase",)))
CART = Definition(
    who=Who(Group(all=(LATEST,), none=(SegmentRef("buyers"),)), (Slice("hot", Window(0, 240)),)),
    active=Period(dt.date(2026, 11, 1), None),
    segments=(("buyers", Who(SPENT)),),
)
LOST = Blob(digest="c" * 64, size=3)


def full_snapshot() -> Snapshot:
    """A snapshot with something in every field."""
    return Snapshot(
        workspace="shop",
        advertiser="42",
        lineage="6a6e2f7e-0000-4000-8000-000000000000",
        structure_serial=3,
        ledger_generation=7,
        journal=9,
        as_of=NOON,
        lists={HOT: list_record(HOT, "501", CART), BUYERS: list_record(BUYERS, "502", None)},
        audiences={
            RECOVERY: AudienceRecord(
                address=RECOVERY,
                criteo_id="901",
                name="Recovery",
                description="Bring them back",
                include=(HOT,),
                exclude=(BUYERS,),
                ad_sets=("700123",),
            )
        },
        ledger=Ledger(
            bits={HOT: 0, BUYERS: 2},
            retired=frozenset({1}),
            base=Blob(digest="a" * 64, size=1),
            deltas=(Blob(digest="b" * 64, size=2),),
        ),
        doubts=(Doubt(intent=LOST, bits={HOT: 0}, lists=frozenset({HOT}), creates=frozenset({RECOVERY})),),
        source=SourceCounts(customers=10, events=20, valid_identifiers=9),
    )


def list_record(address: Address, criteo_id: str, definition: Definition | None) -> ListRecord:
    """A list of five identifiers, applied at noon."""
    return ListRecord(
        address=address,
        criteo_id=criteo_id,
        name=str(address),
        description=None,
        definition=definition,
        as_of=NOON,
        count=5,
    )
