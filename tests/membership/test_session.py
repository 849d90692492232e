from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reconciler.membership.ledger import LedgerFiles
from reconciler.membership.session import open_session
from reconciler.model.address import Address, segment_address
from reconciler.model.conditions import (
    SLICE,
    Attribute,
    Comparison,
    Condition,
    Event,
    Everyone,
    Group,
    Pick,
    Total,
)
from reconciler.model.conditions import Test as ColumnTest
from reconciler.model.definition import Definition, Slice, Who
from reconciler.model.membership import AskedSegment, Cause, LeftOut, ListMembership, Movement
from reconciler.model.time import Period, parse_window
from tests.membership import worlds
from tests.membership.brute import World, identifier
from tests.membership.worlds import AS_OF, number

THEN = AS_OF - dt.timedelta(hours=6)
KEY = "s"
LIST, HOT, WARM = segment_address(KEY), segment_address(KEY, "hot"), segment_address(KEY, "warm")
ANN = identifier("ann@example.com") or ""
ONLY_ANN = frozenset({ANN})
NONE: frozenset[str] = frozenset()


def row(key: str, *, email: str | None = None, consent: str = "yes", vip: str = "no") -> dict[str, Any]:
    """A customer."""
    return {"customer_id": key, "email": email or f"{key}@example.com", "consent": consent, "vip": vip}


def did(key: str, event: str, hours: float) -> dict[str, Any]:
    """An event, so many hours ago."""
    return {"customer_id": key, "event": event, "occurred_at": AS_OF - dt.timedelta(hours=hours)}


def simple(condition: Condition, **more: Any) -> Definition:
    """A definition without slices."""
    return Definition(Who(condition), **more)


def cut(**windows: str) -> Definition:
    """Carts in slices, from the youngest."""
    parts = tuple(Slice(name, parse_window(text)) for name, text in windows.items())
    return Definition(Who(Event(("cart",), within=SLICE, measure=Pick(("buy",))), parts))


def occurs(kind: str, within: str = "0h..") -> Event:
    """At least one event."""
    return Event((kind,), within=parse_window(within))


VIP = Attribute(ColumnTest("vip", (Comparison("is", (True,)),)))


def computed(
    root: Path,
    customers: list[dict[str, Any]],
    events: list[dict[str, Any]],
    wanted: Definition | None,
    applied: Definition | None = None,
    *,
    lists: tuple[tuple[Address, str | None], ...] = ((LIST, None),),
    held: Mapping[Address, frozenset[str]] | None = None,
    declared: bool = True,
) -> tuple[Mapping[Address, ListMembership], dict[Address, tuple[frozenset[str], frozenset[str]]]]:
    """One segment's lists, and what is sent for them."""
    world = World(customers=customers, events=events, consent="consent")
    worlds.write(root / "c.csv", customers, dict.fromkeys(customers[0], "varchar"))
    worlds.write(root / "e.csv", events, dict.fromkeys(("customer_id", "event", "occurred_at"), "varchar"))
    then = THEN if applied else None
    asked = [AskedSegment(key=KEY, lists=lists, wanted=wanted, applied=applied, applied_as_of=then)]
    bits = {address: at for at, (address, _) in enumerate(lists)}
    ledger = LedgerFiles()
    if held is not None:
        worlds.write_ledger(root / "ledger", held, bits)
        ledger = LedgerFiles(base=root / "ledger")
    made = worlds.settings(root, world, customers="c.csv", events="e.csv" if declared else None)
    with open_session(worlds.request(made, asked, bits=bits, ledger=ledger, read=[("customers", "vip")])) as session:
        moves = session.decide(worlds.everything(bits))
        return session.membership.lists, {address: worlds.sent(moves, address) for address in bits}


class TestExclusionWins:
    def test_a_shared_address_of_which_one_holder_is_denied_is_not_sent(self, tmp_path: Path) -> None:
        """Consent refused on one of two records keeps it out, and so does what `none` says of one."""
        for other in (row("b", email="ann@example.com", consent="no"), row("b", email="ann@example.com", vip="yes")):
            customers = [row("a", email="Ann@example.com"), other]
            _, sent = computed(tmp_path, customers, [], simple(Group(all=(Everyone(),), none=(VIP,))))
            assert sent[LIST] == (NONE, NONE)

    def test_a_deeper_none_denies_nobody(self, tmp_path: Path) -> None:
        """It only decides who meets the condition."""
        customers = [row("a", email="ann@example.com"), row("b", email="ann@example.com", vip="yes")]
        _, sent = computed(tmp_path, customers, [], simple(Group(all=(Group(none=(VIP,)),))))
        assert sent[LIST] == (ONLY_ANN, NONE)

    def test_everybody_left_out_is_counted_once_by_the_first_reason(self, tmp_path: Path) -> None:
        """Excluded before consent, consent before a missing address, that before a broken one."""
        customers = [
            row("a", vip="yes", consent="no"),
            row("b", consent="", email=" "),
            row("c", email="\u200b"),
            row("d", email="d.example.com"),
            row("e"),
        ]
        lists, _ = computed(tmp_path, customers, [], simple(Group(all=(Everyone(),), none=(VIP,))))
        assert lists[LIST].left_out == dict.fromkeys(LeftOut, 1)


class TestSlices:
    def test_a_shared_address_goes_to_the_youngest_slice(self, tmp_path: Path) -> None:
        """Of two holders in two slices the younger event decides."""
        customers = [row("a", email="ann@example.com"), row("b", email="ann@example.com")]
        lists = ((HOT, "hot"), (WARM, "warm"))
        made = cut(hot="0h..4h", warm="4h..24h")
        _, sent = computed(tmp_path, customers, [did("a", "cart", 5), did("b", "cart", 1)], made, lists=lists)
        assert sent == {HOT: (ONLY_ANN, NONE), WARM: (NONE, NONE)}

    def test_each_definition_has_its_own_youngest_slice(self, tmp_path: Path) -> None:
        """When a change swaps two windows, the change alone accounts for it, and time for nothing."""
        customers = [row("a", email="ann@example.com"), row("b", email="ann@example.com")]
        lists, _ = computed(
            tmp_path,
            customers,
            [did("a", "cart", 50), did("b", "cart", 30)],
            cut(warm="0h..40h", hot="40h..80h"),
            cut(hot="0h..40h", warm="40h..80h"),
            lists=((HOT, "hot"), (WARM, "warm")),
            held={HOT: ONLY_ANN, WARM: NONE},
        )
        assert lists[HOT].by_change == Movement(0, 1)
        assert lists[WARM].by_change == Movement(1, 0)
        assert not lists[HOT].by_time
        assert not lists[WARM].by_time
        assert lists[HOT].removed_by == {Cause.DEFINITION: 1}
        assert lists[HOT].moved_by == {Cause.DEFINITION: 1}

    @pytest.mark.parametrize("now_sliced", [True, False])
    def test_a_segment_that_is_newly_cut_or_no_longer_cut_drains_its_old_list(
        self, tmp_path: Path, now_sliced: bool
    ) -> None:
        """A list that the wanted definition does not have holds nobody by it."""
        whole, sliced = simple(occurs("cart")), cut(hot="0h..4h")
        wanted, applied = (sliced, whole) if now_sliced else (whole, sliced)
        new, old = (HOT, LIST) if now_sliced else (LIST, HOT)
        lists, sent = computed(
            tmp_path,
            [row("ann")],
            [did("ann", "cart", 1)],
            wanted,
            applied,
            lists=((LIST, None), (HOT, "hot")),
            held={old: ONLY_ANN, new: NONE},
        )
        assert sent == {new: (ONLY_ANN, NONE), old: (NONE, ONLY_ANN)}
        assert lists[old].removed_by == {Cause.DEFINITION: 1}


class TestCauses:
    """Ann is held and no longer wanted."""

    def cause(
        self,
        root: Path,
        customers: list[dict[str, Any]],
        events: list[dict[str, Any]],
        wanted: Definition | None,
        applied: Definition | None = None,
    ) -> Cause:
        """Why she is removed."""
        lists, sent = computed(root, customers, events, wanted, applied or wanted, held={LIST: ONLY_ANN})
        assert ANN in sent[LIST][1]
        (cause,) = lists[LIST].removed_by
        return cause

    def test_nobody_holds_the_address_any_more(self, tmp_path: Path) -> None:
        """A changed address is `gone`."""
        assert self.cause(tmp_path, [row("ann", email="new@example.com")], [], simple(Everyone())) is Cause.GONE

    def test_consent_was_withdrawn(self, tmp_path: Path) -> None:
        """Before any other reason that also holds."""
        over = simple(Everyone(), active=Period(last=dt.date(2026, 11, 1)))
        assert self.cause(tmp_path, [row("ann", consent="no")], [], over) is Cause.CONSENT

    def test_the_period_is_over(self, tmp_path: Path) -> None:
        """Before exclusion."""
        over = simple(Group(all=(Everyone(),), none=(VIP,)), active=Period(last=dt.date(2026, 11, 20)))
        assert self.cause(tmp_path, [row("ann", vip="yes")], [], over) is Cause.PERIOD

    def test_she_is_excluded(self, tmp_path: Path) -> None:
        """By a `none` that the applied definition had as well."""
        wanted = simple(Group(all=(Everyone(),), none=(occurs("buy", "7d"),)))
        assert self.cause(tmp_path, [row("ann")], [did("ann", "buy", 1)], wanted) is Cause.EXCLUDED

    def test_an_event_followed(self, tmp_path: Path) -> None:
        """What `not_followed_by` names has come."""
        wanted = simple(Event(("cart",), within=parse_window("1d"), measure=Pick(("buy",))))
        events = [did("ann", "cart", 10), did("ann", "buy", 1)]
        assert self.cause(tmp_path, [row("ann")], events, wanted) is Cause.EXCLUDED

    def test_a_new_exclusion_is_the_definitions_doing(self, tmp_path: Path) -> None:
        """By a `none` that the applied definition did not have."""
        wanted, applied = simple(Group(all=(Everyone(),), none=(VIP,))), simple(Everyone())
        assert self.cause(tmp_path, [row("ann", vip="yes")], [], wanted, applied) is Cause.DEFINITION

    def test_the_definition_changed(self, tmp_path: Path) -> None:
        """She still meets the applied one."""
        assert self.cause(tmp_path, [row("ann")], [], simple(VIP), simple(Everyone())) is Cause.DEFINITION

    def test_a_segment_that_is_removed_is_the_definitions_doing(self, tmp_path: Path) -> None:
        """Nothing is wanted any more."""
        assert self.cause(tmp_path, [row("ann")], [], None, simple(Everyone())) is Cause.DEFINITION

    def test_she_has_aged(self, tmp_path: Path) -> None:
        """At the last apply today's data would have had her."""
        assert self.cause(tmp_path, [row("ann")], [did("ann", "buy", 25)], simple(occurs("buy", "1d"))) is Cause.AGED

    def test_her_data_changed(self, tmp_path: Path) -> None:
        """Nothing else explains it."""
        assert self.cause(tmp_path, [row("ann")], [], simple(VIP)) is Cause.UNMET


class TestWhatIsGoneFromTheSource:
    """An applied definition outlives the columns it was written for."""

    @pytest.mark.parametrize(
        "applied",
        [
            Event(("buy",), where=(ColumnTest("coupon", (Comparison("exists", (True,)),)),)),
            Event(("buy",), measure=Total("amount", (Comparison("at_least", (number("1"),)),))),
            Attribute(ColumnTest("tier", (Comparison("is", ("gold",)),))),
        ],
    )
    def test_a_column_that_only_the_applied_definition_reads_may_go(self, tmp_path: Path, applied: Condition) -> None:
        """Dropping it together with its use works, and the change shows as such."""
        lists, sent = computed(
            tmp_path, [row("ann")], [did("ann", "buy", 1)], simple(occurs("buy")), simple(applied), held={LIST: NONE}
        )
        assert sent[LIST] == (ONLY_ANN, NONE)
        assert lists[LIST].by_change == Movement(1, 0)

    def test_events_may_go_altogether(self, tmp_path: Path) -> None:
        """A workspace that no longer declares any."""
        lists, sent = computed(
            tmp_path, [row("ann")], [], simple(Everyone()), simple(occurs("buy")), held={LIST: NONE}, declared=False
        )
        assert sent[LIST] == (ONLY_ANN, NONE)
        assert lists[LIST].by_change == Movement(1, 0)


def test_the_sql_can_be_read(tmp_path: Path) -> None:
    """Every statement, without a person's data in it."""
    worlds.write(tmp_path / "c.csv", [row("ann")], dict.fromkeys(row("ann"), "varchar"))
    made = worlds.settings(tmp_path, World(customers=(), events=()), customers="c.csv", events=None)
    asked = [AskedSegment(key=KEY, lists=((LIST, None),), wanted=simple(Everyone()))]
    with open_session(worlds.request(made, asked)) as session:
        assert "CREATE TABLE members AS" in session.sql()
        assert "ann@example.com" not in session.sql()
