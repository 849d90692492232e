"""Records that share an identifier are one person, unless too many share it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.model.address import segment_address
from reconciler.model.conditions import Comparison, Event, Everyone, Times
from reconciler.model.membership import LeftOut, Merged
from tests.membership.brute import identifier
from tests.membership.shop import Shop, column, did, events
from tests.membership.worlds import number

ANN, BOB = (identifier(f"{name}@example.com") for name in ("ann", "bob"))
TWICE = Event(("buy",), measure=Times((Comparison("is", (number("2"),)),)))


def record(key: object, email: str | None, other: str | None = None) -> dict[str, Any]:
    """A record with two addresses, of which the first tells the person."""
    return {"customer_id": key, "email": email, "email_2": other}


def shop(root: Path, *records: dict[str, Any], bought: tuple[object, ...] = (), **settings: Any) -> Shop:
    """A shop in which some records bought."""
    usual: dict[str, Any] = {
        "identifiers": (column("email"), column("email_2")),
        "same_person": "email",
        "sources": (events("e.csv"),),
    }
    return Shop(
        root=root,
        customers=records,
        events={"e.csv": [did(str(key)) for key in bought] or [did("-")]},
        **{**usual, **settings},
    )


def merged(made: Shop) -> Merged | None:
    """What the health says of it."""
    with made.open({"all": Everyone()}) as session:
        return session.membership.health.merged


def left_out(made: Shop) -> dict[LeftOut, int]:
    """Who meets the condition and is not sent."""
    with made.open({"all": Everyone()}) as session:
        return dict(session.membership.lists[segment_address("all")].left_out)


class TestPersons:
    def test_what_her_records_did_she_did(self, tmp_path: Path) -> None:
        """However the address is spelt; the other column does not tell."""
        records = [
            record("a", "ann@example.com"),
            record("b", " ANN@example.com", "bob@example.com"),
            record("c", None),
        ]
        assert shop(tmp_path, *records, bought=("a", "b")).members(TWICE) == {ANN, BOB}
        assert shop(tmp_path, *records, bought=("a", "b"), same_person=None).members(TWICE) == frozenset()

    def test_blank_and_broken_addresses_join_nobody(self, tmp_path: Path) -> None:
        """What can't be sent tells no person."""
        records = [record(str(n), email) for n, email in enumerate(["", "", "x@@y.example", "x@@y.example"])]
        assert merged(shop(tmp_path, *records)) == Merged(records=0, persons=0, shared_by_many=0)

    @pytest.mark.parametrize(("records", "is_one"), [(20, True), (21, False)])
    def test_what_too_many_share_is_no_evidence(self, tmp_path: Path, records: int, is_one: bool) -> None:
        """Twenty records may be one person; one more, and the address is the shop's own."""
        made = shop(tmp_path, *(record(f"k{n}", "ann@example.com") for n in range(records)), bought=("k0", "k1"))
        assert bool(made.members(TWICE)) is is_one
        expected = Merged(records=records, persons=1, shared_by_many=0)
        assert merged(made) == (expected if is_one else Merged(records=0, persons=0, shared_by_many=1))

    def test_without_the_setting_every_record_is_a_person(self, tmp_path: Path) -> None:
        """Nothing is told of persons then."""
        assert merged(shop(tmp_path, record("a", "ann@example.com"), same_person=None)) is None


class TestLeftOut:
    """Counted by person: she is reached by any of her records."""

    def test_a_person_counts_once(self, tmp_path: Path) -> None:
        """Two records of hers and one of somebody else's have nothing that can be sent."""
        shared = [record("a", "ann@example.com"), record("b", "ann@example.com", "x")]
        alone = [record("c", None, " "), record("d", "no address", None)]
        assert left_out(shop(tmp_path, *shared, *alone)) == {LeftOut.NO_IDENTIFIER: 1, LeftOut.INVALID: 1}
