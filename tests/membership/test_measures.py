"""What is measured of a person's events: each meaning, at both sides of its bounds."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import EngineFailed
from reconciler.model.conditions import Comparison, Event, Follow, How, Operator, Pick, Ratio, Times, Total
from reconciler.model.time import parse_window
from tests.membership.asking import be, did, has, who
from tests.membership.worlds import number


def picks(pick: Pick, *, kinds: tuple[str, ...] = ("cart",), within: str = "0h..") -> Event:
    """A pick from some kinds."""
    return Event(kinds, within=parse_window(within), measure=pick)


def figure(measure: How, *comparisons: Comparison, within: str = "0h..") -> Event:
    """A figure of the amounts of purchases."""
    return Event(("buy",), within=parse_window(within), measure=Total("amount", comparisons, measure))


def counted(kind: str) -> Event:
    """A number of events, as a part of a ratio."""
    return Event((kind,), measure=Times(()))


def amount(kind: str, measure: How = "sum") -> Event:
    """A figure, as a part of a ratio."""
    return Event((kind,), measure=Total("amount", (), measure))


class TestPick:
    def test_the_first_is_the_first_ever(self, tmp_path: Path) -> None:
        """`within` looks at the very first, however old it is, and not at the first inside the window."""
        events = [did("old", "cart", 100), did("old", "cart", 2), did("new", "cart", 2), did("edge", "cart", 24)]
        day = who(tmp_path, [picks(Pick(which="first"), within="1d"), picks(Pick(), within="1d")], events)
        assert day == [{"new"}, {"old", "new"}]

    def test_what_follows_may_come_at_the_same_instant(self, tmp_path: Path) -> None:
        """An event of another kind at the instant of the picked one came after it, an earlier one did not."""
        events = [did("same", "cart", 5), did("same", "buy", 5), did("before", "cart", 5), did("before", "buy", 6)]
        followed = picks(Pick(followed_by=Follow(("buy",))))
        unfollowed = picks(Pick(not_followed_by=("buy",)))
        assert who(tmp_path, [followed, unfollowed], events) == [{"same"}, {"before"}]

    def test_an_event_does_not_follow_itself(self, tmp_path: Path) -> None:
        """Of a kind that is picked from, only a strictly later one follows; the latest of them never has one."""
        events = [did("once", "cart", 5), did("once", "cart", 5), did("twice", "cart", 5), did("twice", "cart", 4)]
        again = Follow(("cart",))
        asked = [
            picks(Pick(which="first", followed_by=again)),
            picks(Pick(which="first", not_followed_by=("cart",))),
            picks(Pick(followed_by=again)),
            picks(Pick(which="first", followed_by=Follow(("cart",), parse_window("0h..1h")))),
            picks(Pick(which="first", followed_by=Follow(("cart",), parse_window("0h..61m")))),
        ]
        assert who(tmp_path, asked, events) == [{"twice"}, {"once"}, set(), set(), {"twice"}]

    def test_the_window_of_what_follows_is_half_open(self, tmp_path: Path) -> None:
        """It counts from the picked event: its start belongs to it, its end does not."""
        events = [
            row for hours in (0, 1, 2, 3) for row in (did(f"h{hours}", "cart", 10), did(f"h{hours}", "buy", 10 - hours))
        ]
        asked = [
            picks(Pick(followed_by=Follow(("buy", "call"), parse_window(text))))
            for text in ("1h..3h", "3h", "2h..", "0h..")
        ]
        told = who(tmp_path, asked, events)
        assert told == [{"h1", "h2"}, {"h0", "h1", "h2"}, {"h2", "h3"}, {"h0", "h1", "h2", "h3"}]

    def test_a_later_follower_does_not_hide_one_inside_the_window(self, tmp_path: Path) -> None:
        """Any event may be the one that followed in time, not the latest alone."""
        events = [did("ann", "cart", 10), did("ann", "buy", 9), did("ann", "buy", 1)]
        events += [did("bob", "cart", 10), did("bob", "buy", 1)]
        assert who(tmp_path, [picks(Pick(followed_by=Follow(("buy",), parse_window("2h"))))], events) == [{"ann"}]

    def test_what_lies_ahead_of_the_clock_follows_nothing(self, tmp_path: Path) -> None:
        """Events count from age 0 on."""
        events = [did("ann", "cart", 1), did("ann", "buy", -1)]
        asked = [Pick(followed_by=Follow(("buy",))), Pick(followed_by=Follow(("buy",), parse_window("9h")))]
        asked.append(Pick(not_followed_by=("buy",)))
        assert who(tmp_path, [picks(each) for each in asked], events) == [set(), set(), {"ann"}]

    def test_what_follows_need_not_be_as_the_picked_is(self, tmp_path: Path) -> None:
        """`where` narrows what is picked, and nothing else."""
        events = [did("ann", "cart", 5, item="x"), did("ann", "cart", 4, item="y")]
        narrowed = (has("item", be("is", "x")),)
        followed = Event(("cart",), where=narrowed, measure=Pick(followed_by=Follow(("cart",))))
        unfollowed = Event(("cart",), where=narrowed, measure=Pick(not_followed_by=("cart",)))
        assert who(tmp_path, [followed, unfollowed], events) == [{"ann"}, set()]


BOUNDS: tuple[tuple[str, Operator, str], ...] = (
    ("0h..", "at_least", "3"),
    ("1d", "at_least", "3"),
    ("1d", "is", "2"),
    ("0h..", "is", "1"),
    ("0h..", "is", "0"),
)
THIRDS: tuple[tuple[Operator, str], ...] = (
    ("more_than", "0.33333333333333"),
    ("less_than", "0.33333333333334"),
    ("is", "0"),
    ("not", "7"),
)


class TestSame:
    def test_the_value_that_occurs_most_often_is_counted(self, tmp_path: Path) -> None:
        """Missing values are no value, and the window is that of the event."""
        events = [did("ann", "view", hours, item=item) for hours, item in ((1, "a"), (2, "b"), (3, "a"), (30, "a"))]
        events += [did("bob", "view", hours, item=item) for hours, item in ((1, "a"), (2, "A"), (3, None), (4, None))]
        events += [did("cy", "view", 1, item=" ")]
        asked = [
            Event(("view",), within=parse_window(within), measure=Times((be(operator, number(bound)),), "item"))
            for within, operator, bound in BOUNDS
        ]
        told = who(tmp_path, asked, events)
        assert told == [{"ann"}, set(), {"ann"}, {"bob"}, {"cy"}]


class TestFigures:
    EVENTS = (
        did("two", "buy", 1, "1.5"),
        did("two", "buy", 2, " +2.50\t"),
        did("two", "buy", 30, "1.50"),
        did("odd", "buy", 1, "1_000"),
        did("odd", "buy", 1, "12,5"),
        did("none", "cart", 1, "7"),
    )

    @pytest.mark.parametrize(
        ("measure", "operator", "bound", "members"),
        [
            ("sum", "is", "5.5", {"two"}),
            ("sum", "is", "0", {"odd", "none"}),
            ("distinct", "is", "3", {"two"}),
            ("distinct", "is", "2", {"odd"}),
            ("distinct", "at_most", "0", {"none"}),
            ("smallest", "is", "1.5", {"two"}),
            ("smallest", "at_most", "1000", {"two"}),
            ("largest", "is", "2.5", {"two"}),
            ("largest", "not", "2.5", set()),
            ("average", "more_than", "1.8333333333333", {"two"}),
            ("average", "less_than", "1.8333333333334", {"two"}),
            ("average", "not", "5", {"two"}),
            ("average", "at_least", "-99999999999999", {"two"}),
        ],
    )
    def test_each_measure(
        self, tmp_path: Path, measure: How, operator: Operator, bound: str, members: set[str]
    ) -> None:
        """What can't be read takes no part; of nothing a sum and a number are 0, and the others satisfy nothing."""
        asked = figure(measure, be(operator, number(bound)))
        assert who(tmp_path, [asked], self.EVENTS) == [members]

    def test_a_figure_is_of_its_window(self, tmp_path: Path) -> None:
        """Values differ by their text: 1.5 and 1.50 are two, and one of them is older than a day."""
        asked = [
            figure("distinct", be("is", number("2")), within="1d"),
            figure("average", be("is", number("2")), within="1d"),
            figure("largest", be("is", number("1.5")), within="1d.."),
        ]
        assert who(tmp_path, asked, self.EVENTS) == [{"two", "odd"}, {"two"}, {"two"}]

    def test_a_sum_beyond_all_numbers_is_a_failure_and_no_number(self, tmp_path: Path) -> None:
        """Twenty digits before the point is what a number has; a sum that has more is never compared."""
        events = [did("ann", "buy", hour, "99999999999999999999") for hour in range(3)]
        with pytest.raises(EngineFailed, match="too large to be added up"):
            who(tmp_path, [figure("sum", be("at_least", number("1")))], events)

    def test_an_average_of_the_greatest_numbers_is_exact(self, tmp_path: Path) -> None:
        """The product of literal and number of values has more digits than a sum, and is still compared."""
        events = [did("ann", "buy", 1, "99999999999999999999"), did("ann", "buy", 2, "-99999999999999999998")]
        asked = [figure("average", be("is", number("0.5"))), figure("average", be("less_than", number("9e19")))]
        assert who(tmp_path, asked, events) == [{"ann"}, {"ann"}]


class TestRatio:
    def test_counts_are_compared_exactly(self, tmp_path: Path) -> None:
        """A third is more than any decimal below it and less than any above; of no event there is no ratio."""
        events = [did("third", "buy", 1), *(did("third", "cart", hour) for hour in range(3)), did("no", "buy", 1)]
        events.append(did("nought", "cart", 1))
        asked = [Ratio(counted("buy"), counted("cart"), (be(operator, number(bound)),)) for operator, bound in THIRDS]
        told = who(tmp_path, asked, events)
        assert told == [{"third"}, {"third", "nought"}, {"nought"}, {"third", "nought"}]

    @pytest.mark.parametrize(
        ("of", "to", "quotient"),
        [
            ("1", "-4", "-0.25"),
            ("-1", "-4", "0.25"),
            ("-1", "4", "-0.25"),
            ("99999999999999999999", "99999999999999999999", "1"),
            ("0.000000000000000001", "0.000000000000000004", "0.25"),
            ("1234567890123.5", "-0.5", "-2469135780247"),
            ("0", "5", "0"),
        ],
    )
    def test_the_sign_of_what_is_divided_by_is_respected(self, tmp_path: Path, of: str, to: str, quotient: str) -> None:
        """A quotient equals itself, and lies between what is a hair below and a hair above, whatever the signs."""
        events = [did("ann", "buy", 1, of), did("ann", "cart", 1, to)]
        exact = number(quotient)
        hair = number("0.00001") if len(quotient) < 10 else number("10000")
        compared = [
            be("is", exact),
            be("at_least", exact),
            be("at_most", exact),
            be("more_than", exact - hair),
            be("less_than", exact + hair),
            be("not", exact),
            be("more_than", exact),
            be("less_than", exact),
        ]
        asked = [Ratio(amount("buy"), amount("cart"), (each,)) for each in compared]
        assert who(tmp_path, asked, events) == [{"ann"}] * 5 + [set()] * 3

    def test_a_missing_part_satisfies_nothing(self, tmp_path: Path) -> None:
        """The smallest of nothing is missing, above as below; a sum of nothing below is 0, and divides nothing."""
        events = [did("ann", "buy", 1, "3")]
        comparison = (be("at_least", number("-100")),)
        asked = [
            Ratio(amount("cart", "smallest"), counted("buy"), comparison),
            Ratio(counted("buy"), amount("cart", "largest"), comparison),
            Ratio(counted("buy"), amount("cart"), comparison),
            Ratio(amount("cart"), counted("buy"), comparison),
        ]
        assert who(tmp_path, asked, events) == [set(), set(), set(), {"ann"}]
