"""Results → records."""

from __future__ import annotations

from dataclasses import replace

from reconciler.apply.outcome import Result, Status
from reconciler.apply.records import audiences_after, lists_after
from reconciler.model.address import Address
from reconciler.plan.changes import Operation, Phase, Step
from reconciler.state.snapshot import AudienceRecord
from tests.apply.plans import AD_SET, BUYERS, HOT, RECOVERY, marked, step
from tests.state.snapshots import CART, list_record

OTHER = Address("audience.other")


def done(each: Step, criteo_id: str | None = None) -> Result:
    """The step, accepted."""
    return Result(step=each, status=Status.DONE, criteo_id=criteo_id)


def audience(address: Address, *ad_sets: str) -> AudienceRecord:
    """An audience of one list."""
    return AudienceRecord(
        address=address, criteo_id="9", name="a", description=None, include=(HOT,), exclude=(), ad_sets=ad_sets
    )


def test_an_ad_set_is_linked_to_one_audience() -> None:
    """Linking an ad set takes it out of the record of the audience that had it."""
    before = {RECOVERY: audience(RECOVERY), OTHER: audience(OTHER, AD_SET, "700124")}
    after = audiences_after(before, [done(step("link", Operation.LINK, Phase.LOOSEN, RECOVERY))])
    assert {address: record.ad_sets for address, record in after.items()} == {RECOVERY: (AD_SET,), OTHER: ("700124",)}


def test_an_ad_set_that_is_unlinked_is_nobodys() -> None:
    """Unlinking takes the ad set out of the record."""
    after = audiences_after(
        {RECOVERY: audience(RECOVERY, AD_SET)}, [done(step("unlink", Operation.UNLINK, Phase.DELETE, RECOVERY))]
    )
    assert after[RECOVERY].ad_sets == ()


def test_an_update_changes_what_it_names() -> None:
    """A new name leaves the description alone; a description is kept without its mark, and may become none."""
    before = {BUYERS: replace(list_record(BUYERS, "5", None), description="They bought")}
    update = step("update", Operation.UPDATE_SEGMENT, Phase.CREATE, BUYERS)
    renamed = lists_after(before, [done(replace(update, name="Buyers"))])[BUYERS]
    assert (renamed.name, renamed.description) == ("Buyers", "They bought")
    bare = lists_after(before, [done(replace(update, description=marked(BUYERS)))])[BUYERS]
    assert (bare.name, bare.description) == (before[BUYERS].name, None)


def test_a_record_writes_what_it_sets() -> None:
    """Definition, algebra and links are written where they are given, and stay where they are not."""
    record = step("record", Operation.RECORD, Phase.DELETE, RECOVERY)
    told = replace(record, include=(BUYERS,), exclude=(HOT,), ad_sets=("7",))
    after = audiences_after({RECOVERY: audience(RECOVERY, AD_SET)}, [done(told)])[RECOVERY]
    assert (after.include, after.exclude, after.ad_sets) == ((BUYERS,), (HOT,), ("7",))
    unchanged = audiences_after({RECOVERY: audience(RECOVERY, AD_SET)}, [done(record)])
    assert unchanged == {RECOVERY: audience(RECOVERY, AD_SET)}
    of_list = replace(record, address=BUYERS, definition=CART)
    assert lists_after({BUYERS: list_record(BUYERS, "5", None)}, [done(of_list)])[BUYERS].definition == CART
