"""Guests: what nobody known did belongs to whoever holds the identifier that it names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import SourceInvalid
from reconciler.membership.ledger import LedgerFiles
from reconciler.model.address import segment_address
from reconciler.model.conditions import Comparison, Event, Everyone, Times
from reconciler.model.conditions import Test as ColumnTest
from reconciler.model.membership import Cause
from tests.membership import worlds
from tests.membership.brute import identifier
from tests.membership.shop import BOUGHT, Shop, column, did, events
from tests.membership.worlds import number

ANN, BOB, CY = (identifier(f"{name}@example.com") for name in ("ann", "bob", "cy"))
LEFT = ("dan", "eve", "fay", "gil")
TWICE = Event(("buy",), measure=Times((Comparison("is", (number("2"),)),)))


def person(key: str, email: str | None = None, **more: Any) -> dict[str, Any]:
    """A record."""
    return {"customer_id": key, "email": email or f"{key}@example.com", **more}


def shop(root: Path, *rows: dict[str, Any], **settings: Any) -> Shop:
    """A shop whose only events are those."""
    usual: dict[str, Any] = {
        "customers": [person("ann"), person("bob"), person("cy")],
        "sources": (events("e.csv", column("order_email")),),
    }
    return Shop(root=root, events={"e.csv": rows}, **{**usual, **settings})


class TestWhose:
    @pytest.mark.parametrize("key", [None, "", " ", "nobody"])
    def test_a_row_of_nobody_known_finds_its_person(self, tmp_path: Path, key: str | None) -> None:
        """Whether the key is missing, blank or strange; however the address is spelt."""
        assert shop(tmp_path, did(key, order_email=" ANN@Example.com")).members() == {ANN}

    def test_a_row_of_a_customer_is_hers_alone(self, tmp_path: Path) -> None:
        """Whatever address she gave."""
        assert shop(tmp_path, did("bob", order_email="ann@example.com")).members() == {BOB}

    def test_every_person_who_holds_it_has_done_it(self, tmp_path: Path) -> None:
        """One event for each."""
        both = [person("ann"), person("bob", "bob@example.com", other="ann@example.com"), person("cy")]
        made = shop(
            tmp_path,
            did(None, order_email="ann@example.com"),
            did("ann", order_email=""),
            customers=both,
            identifiers=(column("email"), column("other")),
        )
        assert made.members(TWICE) == {ANN}
        assert made.members() == {ANN, BOB}

    def test_two_identifiers_of_one_person_are_one_event(self, tmp_path: Path) -> None:
        """And of two persons an event of each."""
        rows = [did(None, order_email="ann@example.com", paid_by="Ann@example.com")]
        source = events("e.csv", column("order_email"), column("paid_by"))
        assert shop(tmp_path, *rows, sources=(source,)).members(TWICE) == frozenset()
        assert shop(tmp_path, *rows, sources=(source,)).members() == {ANN}
        rows = [did(None, order_email="ann@example.com", paid_by="bob@example.com")]
        assert shop(tmp_path, *rows, sources=(source,)).members() == {ANN, BOB}

    def test_records_of_one_person_are_found_once(self, tmp_path: Path) -> None:
        """Both hold the address; she bought once."""
        records = [person("a1", "ann@example.com"), person("a2", "Ann@example.com")]
        made = shop(tmp_path, did(None, order_email="ann@example.com"), customers=records, same_person="email")
        assert made.members(Event(("buy",), measure=Times((Comparison("is", (number("1"),)),)))) == {ANN}

    def test_a_telephone_number_finds_by_number(self, tmp_path: Path) -> None:
        """An identifier finds those of its own type, in one form, whatever else stands in the other column."""
        records = [person("ann", phone="06 12 34 56 78"), person("bob", phone="")]
        made = shop(
            tmp_path,
            did(None, tel="+33 6 12 34 56 78", order_email=""),
            customers=records,
            identifiers=(column("email"), column("phone", "phoneNumber")),
            sources=(events("e.csv", column("order_email"), column("tel", "phoneNumber")),),
        )
        assert ANN in made.members()
        assert BOB not in made.members()

    def test_an_address_that_is_not_plain_is_found_in_every_column(self, tmp_path: Path) -> None:
        """Though only one of the columns holds any, and an earlier one none."""
        records = [person("a", "not one", other="jos\u00e9@example.com"), person("b", "none", other="Bob@example.com")]
        rows = [did(None, order_email="jos\u00e9@example.com"), did(None, order_email="bob@example.com")]
        two = (column("email"), column("other"))
        made = shop(tmp_path, *rows, customers=records, identifiers=two, same_person="other")
        assert made.members() == {BOB, identifier("jos\u00e9@example.com")}

    def test_properties_of_json_are_read_as_without_guests(self, tmp_path: Path) -> None:
        """Text stays text, and what is missing in every row stays missing."""
        made = shop(
            tmp_path,
            did(None, order_email="ann@example.com", coupon="gold", gift=None),
            did("bob", order_email="", coupon="old", gift=None),
            sources=(events("e.json", column("order_email")),),
        )
        made.events = {"e.json": made.events["e.csv"]}
        golden = ColumnTest("coupon", (Comparison("is", ("gold",)),))
        nothing = ColumnTest("gift", (Comparison("exists", (False,)),))
        read = [("events", "coupon"), ("events", "gift")]
        with made.open({"all": Event(("buy",), where=(golden, nothing))}, read) as session:
            assert worlds.members(session, segment_address("all")) == {ANN}

    def test_only_the_source_that_declares_them_has_guests(self, tmp_path: Path) -> None:
        """The same column of another source says nothing of that kind."""
        row = did(None, order_email="ann@example.com")
        made = Shop(
            root=tmp_path,
            customers=[person("ann"), person("bob")],
            events={"e.csv": [row], "o.csv": [{**row, "order_email": "bob@example.com"}]},
            sources=(events("e.csv"), events("o.csv", column("order_email"), kind="buy")),
        )
        assert made.members() == {BOB}

    def test_digests_where_addresses_were_declared_are_refused(self, tmp_path: Path) -> None:
        """As they are in the customers, with the column's place."""
        with pytest.raises(SourceInvalid, match=r"`order_email` is declared as plain, and 1 of 1 values are digests"):
            shop(tmp_path, did(None, order_email=ANN)).members()


class TestLeaving:
    def test_whom_a_guest_names_is_not_gone(self, tmp_path: Path) -> None:
        """Nobody has her address any more, but an order of a guest carries it; of no guest, and of an event that
        nobody asks for, she is gone.
        """
        rows = [
            did(None, order_email=" EVE@example.com"),
            did("bob", order_email="dan@example.com"),
            did(None, "view", order_email="fay@example.com"),
        ]
        held = {segment_address("all"): frozenset(identifier(f"{each}@example.com") or "" for each in LEFT)}
        worlds.write_ledger(tmp_path / "base", held, {segment_address("all"): 0})
        with shop(tmp_path, *rows).open({"all": BOUGHT}, ledger=LedgerFiles(base=tmp_path / "base")) as session:
            removed = session.membership.lists[segment_address("all")].removed_by

        assert removed == {Cause.GONE: 3, Cause.UNMET: 1}


class TestNobody:
    def orphans(self, made: Shop) -> int:
        """Events of nobody."""
        with made.open({"all": BOUGHT, "every": Everyone()}) as session:
            return session.membership.health.events.orphans

    def test_what_finds_nobody_is_counted(self, tmp_path: Path) -> None:
        """Unknown and missing keys alike, with an address that nobody has, that is none, or without any."""
        rows = [
            did("nobody", order_email="eve@example.com"),
            did(None, order_email="ann@@example.com"),
            did("", order_email=""),
            did(None, order_email="ann@example.com"),
            did("bob", order_email="eve@example.com"),
        ]
        assert self.orphans(shop(tmp_path, *rows)) == 3

    def test_without_guests_a_missing_key_is_nobodys_as_well(self, tmp_path: Path) -> None:
        """Of several sources all are counted."""
        made = Shop(
            root=tmp_path,
            customers=[person("ann")],
            events={"e.csv": [did(None), did("nobody"), did("ann")], "o.csv": [did(""), did(None)]},
            sources=(events("e.csv"), events("o.csv", kind="buy")),
        )
        assert self.orphans(made) == 4

    def test_events_that_nobody_asks_for_are_not_looked_at(self, tmp_path: Path) -> None:
        """Nor are those after the clock."""
        rows = [did("nobody", "view", order_email=""), did("nobody", hours=-1, order_email="")]
        assert self.orphans(shop(tmp_path, *rows)) == 0

    def test_a_person_of_several_records_counts_once(self, tmp_path: Path) -> None:
        """Her events are hers, and nobody's are nobody's."""
        records = [person("a1", "ann@example.com"), person("a2", "ann@example.com")]
        made = shop(
            tmp_path,
            did("a1", order_email=""),
            did("a2", order_email=""),
            did(None, order_email="ann@example.com"),
            did(None, order_email=""),
            customers=records,
            same_person="email",
        )
        assert self.orphans(made) == 1
