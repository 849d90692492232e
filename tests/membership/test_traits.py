"""What a person's records tell: several values, several records, and her keys."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import SourceInvalid
from reconciler.model.conditions import Attribute, Condition, Event, Group, Keys, Query, Sample, Times
from reconciler.model.time import parse_window
from tests.membership.asking import Row, be, did, has, who
from tests.membership.worlds import AS_OF, number

TAGS = {
    "both": ["gold", "red"],
    "gold": ["gold", None, " "],
    "red": ["red"],
    "empty": [],
    "blank": [" ", None],
    "gone": None,
}
TYPES = {"tier": "varchar", "yes": "varchar"}
NAIVE = AS_OF.replace(tzinfo=None)


def attribute(column: str, *comparisons: Any) -> Attribute:
    """A condition on a column of the customers."""
    return Attribute(has(column, *comparisons))


class TestLists:
    def test_one_element_has_to_meet_all_comparisons_and_none_may_fail_a_not(self, tmp_path: Path) -> None:
        """Blank elements are no values, and a list without values is missing."""
        customers = [{"customer_id": key, "tags": tags} for key, tags in TAGS.items()]
        asked = [
            attribute("tags", be("is", "gold")),
            attribute("tags", be("not", "gold")),
            attribute("tags", be("is", "gold"), be("starts_with", "r")),
            attribute("tags", be("exists", True)),
            attribute("tags", be("exists", False)),
            attribute("tags", be("not", "gold", "green"), be("contains", "e")),
        ]
        read = [("customers", "tags")]
        told = who(tmp_path, asked, customers=customers, types={"tags": "varchar[]"}, read=read)
        nothing = {"empty", "blank", "gone"}
        assert told == [{"both", "gold"}, {"red"}, set(), {"both", "gold", "red"}, nothing, {"red"}]

    def test_lists_of_numbers_are_numbers(self, tmp_path: Path) -> None:
        """Elements are read as the literal says."""
        customers = [{"customer_id": "low", "scores": ["1.5", "2"]}, {"customer_id": "high", "scores": ["2", "30"]}]
        asked = [attribute("scores", be("more_than", number("2"))), attribute("scores", be("not", number("30.0")))]
        told = who(
            tmp_path, asked, customers=customers, types={"scores": "decimal(10,2)[]"}, read=[("customers", "scores")]
        )
        assert told == [{"high"}, {"low"}]


class TestTimes:
    @pytest.mark.parametrize("stored", ["timestamp", "varchar"])
    def test_the_clock_decides_at_both_sides_of_each_bound(self, tmp_path: Path, stored: str) -> None:
        """`within` and `older_than` look back, `in_next` ahead; starts belong, ends do not, and nothing crosses."""
        hours = {"now": 0, "hour": 1, "two": 2, "ahead": -1, "later": -2}
        customers: list[Row] = [
            {"customer_id": key, "at": (NAIVE - dt.timedelta(hours=ago)).isoformat(sep=" ")}
            for key, ago in hours.items()
        ]
        customers.append({"customer_id": "none", "at": None})
        asked = [
            attribute("at", be(operator, parse_window(text)))  # type: ignore[arg-type]  # the names are Operator's
            for operator, text in (
                ("within", "2h"),
                ("within", "1h..2h"),
                ("older_than", "1h.."),
                ("older_than", "0h.."),
                ("in_next", "2h"),
                ("in_next", "1h..3h"),
            )
        ]
        told = who(tmp_path, asked, customers=customers, types={"at": stored}, read=[("customers", "at")])
        back = {"now", "hour", "two"}
        assert told == [{"now", "hour"}, {"hour"}, {"hour", "two"}, back, {"now", "ahead"}, {"ahead", "later"}]

    def test_only_iso_8601_is_a_time(self, tmp_path: Path) -> None:
        """A date is its midnight, what has no zone is UTC; everything else is none."""
        good = ["2026-11-21", "2026-11-21T18:00", "2026-11-21 18:00:00.000001-0100", "2026-11-21+02:00", "2026-11-21Z"]
        good += ["2026-11-21T18:00:00Z"]
        bad = ["21.11.2026", "2026-11-21 6pm", " 2026-11-21", "2026-11-21T18", "2026-13-01", "2026-02-30", "20261121"]
        customers = [{"customer_id": f"c{number}", "at": text} for number, text in enumerate([*good, *bad])]
        anytime = Group(
            any=(
                attribute("at", be("older_than", parse_window("0h.."))),
                attribute("at", be("in_next", parse_window("9d"))),
            )
        )
        (told,) = who(tmp_path, [anytime], customers=customers, types={"at": "varchar"}, read=[("customers", "at")])
        assert told == {f"c{number}" for number in range(len(good))}


class TestPersons:
    """Ann has two records with one address; Bob has one."""

    CUSTOMERS: tuple[Row, ...] = (
        {"customer_id": "ann1", "email": "ann@example.com", "tier": "gold", "yes": "yes"},
        {"customer_id": "ann2", "email": "ann@example.com", "tier": "red", "yes": "yes"},
        {"customer_id": "bob", "email": "bob@example.com", "tier": "red", "yes": "yes"},
    )

    def told(self, root: Path, *asked: Condition, events: list[Row] | None = None, **world: Any) -> list[set[str]]:
        """Who is in each; Ann by the key that her address is told by."""
        return who(
            root,
            asked,
            events or [],
            customers=self.CUSTOMERS,
            types=TYPES,
            read=[("customers", "tier"), ("customers", "yes")],
            same_person="email",
            **world,
        )

    def test_a_value_of_any_record_counts_and_one_that_fails_a_not_denies(self, tmp_path: Path) -> None:
        """`is` needs one of her values, `not` that none is another."""
        asked = [attribute("tier", be("is", "red")), attribute("tier", be("not", "gold"))]
        asked += [attribute("tier", be("is", "red"), be("starts_with", "g")), attribute("tier", be("exists", False))]
        assert self.told(tmp_path, *asked) == [{"ann2", "bob"}, {"bob"}, set(), set()]

    def test_events_of_all_her_records_are_hers(self, tmp_path: Path) -> None:
        """Counts add up, the most frequent value is found among all of them, and what follows may be another's."""
        events = [did("ann1", "view", 5, item="x"), did("ann2", "view", 4, item="x"), did("bob", "view", 4, item="x")]
        asked = [
            Event(("view",), measure=Times((be("is", number("2")),))),
            Event(("view",), measure=Times((be("is", number("2")),), "item")),
            Event(("view",), within=parse_window("270m..")),
        ]
        assert self.told(tmp_path, *asked, events=events) == [{"ann2"}, {"ann2"}, {"ann2"}]

    @pytest.mark.parametrize(
        ("first", "second", "missing", "members"),
        [
            ("yes", "yes", "ignore", True),
            ("yes", "no", "ignore", False),
            ("yes", "perhaps", "ignore", False),
            ("yes", None, "ignore", True),
            ("yes", None, "refuse", False),
            (None, None, "ignore", False),
        ],
    )
    def test_some_record_says_yes_and_none_says_no(
        self, tmp_path: Path, first: str | None, second: str | None, missing: str, members: bool
    ) -> None:
        """What is neither counts as no, and silence as it is declared."""
        customers = [{**self.CUSTOMERS[0], "yes": first}, {**self.CUSTOMERS[1], "yes": second}]
        everybody = attribute("tier", be("exists", True))
        read = [("customers", "tier"), ("customers", "yes")]
        (told,) = who(
            tmp_path,
            [everybody],
            customers=customers,
            types=TYPES,
            read=read,
            same_person="email",
            consent="yes",
            missing=missing,
        )
        assert bool(told) is members

    def test_her_smallest_key_is_sampled_and_any_of_her_keys_is_chosen(self, tmp_path: Path) -> None:
        """A file that names her second record chooses her, and so does a query."""
        (tmp_path / "keys.csv").write_text("customer_id\nann2\n")
        query = Query("SELECT customer_id FROM customers WHERE tier = 'gold'")
        shares = {key: int(hashlib.sha256(f"s:{key}".encode()).hexdigest()[:8], 16) for key in ("ann1", "bob")}
        below = number(str(100 * max(shares.values()) / 2**32)[:12])
        least = {"ann1": "ann2", "bob": "bob"}[min(shares, key=lambda key: shares[key])]
        assert self.told(tmp_path, Keys("keys.csv"), query, Sample(below, "s")) == [{"ann2"}, {"ann2"}, {least}]


class TestByKey:
    def test_the_share_is_exact(self, tmp_path: Path) -> None:
        """Below the percentage, and not at it; nobody of none, and everybody of all."""
        customers = [{"customer_id": f"c{number}"} for number in range(50)]
        percents = [number(text) for text in ("0", "25", "50.5", "100")]
        told = who(tmp_path, [Sample(percent, "seed") for percent in percents], customers=customers)
        digits = {f"c{n}": hashlib.sha256(f"seed:c{n}".encode()).hexdigest()[:8] for n in range(50)}
        for percent, members in zip(percents, told, strict=True):
            assert members == {key for key, hexed in digits.items() if int(hexed, 16) * 100 < percent * 2**32}

    def test_keys_are_compared_as_texts(self, tmp_path: Path) -> None:
        """The column that is called as the key is taken, else the first; numbers go by their value."""
        (tmp_path / "named.csv").write_text("note;customer_id\n1;7.0\n2;9\n;\n")
        (tmp_path / "first.csv").write_text("id\n8\n08\n")
        customers = [{"customer_id": key, "email": f"{key}@example.com"} for key in (7, 8, 9)]
        types = {"customer_id": "integer", "email": "varchar"}
        told = who(tmp_path, [Keys("named.csv"), Keys("first.csv")], customers=customers, types=types)
        assert told == [{"7", "9"}, {"8"}]

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (None, "it is not there"),
            (b"", "it is empty"),
            (b"k\n\xff\xfe\n", "it is broken"),
            (b'k\n"a\n', "it is broken"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_named(self, tmp_path: Path, content: bytes | None, why: str) -> None:
        """Nobody is chosen by half a file."""
        if content is not None:
            (tmp_path / "keys.csv").write_bytes(content)
        with pytest.raises(SourceInvalid) as caught:
            who(tmp_path, [Keys("keys.csv")], customers=[{"customer_id": "ann"}])
        assert f"`keys.csv`: {why}" in str(caught.value)

    def test_a_query_reads_the_declared_tables_at_the_clock(self, tmp_path: Path) -> None:
        """By the columns' own names, with the clock of the run; its first column is the keys."""
        events = [did("ann", "buy", 1), did("bob", "buy", 3), did("cy", "view", 1)]
        recent = (
            "SELECT e.customer_id, 1 FROM events AS e "
            "WHERE e.event = 'buy' AND occurred_at > :as_of - INTERVAL '2' HOUR"
        )
        joined = (
            "WITH buyers AS (SELECT customer_id FROM events WHERE event = 'buy') "
            "SELECT c.customer_id FROM customers AS c JOIN buyers ON c.customer_id = buyers.customer_id"
        )
        assert who(tmp_path, [Query(recent), Query(joined)], events) == [{"ann"}, {"ann", "bob"}]
