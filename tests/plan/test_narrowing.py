"""Whether a change of one of Criteo's own kinds lets fewer people in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.model.kinds import MAX, MIN, Kind, KindName, Point, Value
from reconciler.plan.narrowing import Reach, reach

HERE, THERE = (Point(name, Decimal("1.00000"), Decimal("2.00000")) for name in ("here", "there"))
RETARGETING: dict[str, Value] = {"visitorsType": "All", MIN: 0, MAX: 30}

CASES: list[tuple[KindName, dict[str, Value], dict[str, Value], Reach]] = [
    ("retargeting", RETARGETING, {}, Reach.SAME),
    ("retargeting", RETARGETING, {MAX: 20}, Reach.NARROWER),
    ("retargeting", RETARGETING, {MIN: 5}, Reach.NARROWER),
    ("retargeting", RETARGETING, {"visitorsType": "Buyers", MAX: 20}, Reach.NARROWER),
    ("retargeting", RETARGETING, {MAX: 60}, Reach.WIDER),
    ("retargeting", RETARGETING, {MIN: 5, MAX: 60}, Reach.UNTOLD),
    ("retargeting", {**RETARGETING, "visitorsType": "Buyers"}, {"visitorsType": "NonBuyers"}, Reach.UNTOLD),
    ("retargeting", {**RETARGETING, "visitorsType": "Buyers"}, {"visitorsType": "All"}, Reach.WIDER),
    ("prospecting", {"usersType": "ProspectsOrNonBuyers"}, {"usersType": "Prospects"}, Reach.NARROWER),
    ("prospecting", {"usersType": "ProspectsOrNonBuyers"}, {MAX: 30}, Reach.NARROWER),
    ("prospecting", {"usersType": "ProspectsOrNonBuyers", MAX: 30, MIN: 2}, {MAX: None, MIN: None}, Reach.WIDER),
    ("prospecting", {"usersType": "ProspectsOrNonBuyers"}, {MIN: 0}, Reach.UNTOLD),
    ("prospecting", {"usersType": "ProspectsOrNonBuyers"}, {MAX: 0}, Reach.NARROWER),
    ("in_market", {"country": "FR"}, {"country": "DE"}, Reach.UNTOLD),
    ("in_market", {"priceRange": ()}, {"priceRange": None}, Reach.SAME),
    ("in_market", {"interestIds": ()}, {"interestIds": ("1",)}, Reach.NARROWER),
    ("in_market", {"interestIds": ("1", "2")}, {"interestIds": ("1",)}, Reach.NARROWER),
    ("in_market", {"interestIds": ("1", "2")}, {"interestIds": ()}, Reach.WIDER),
    ("in_market", {"interestIds": ("1", "2")}, {"interestIds": ("3",)}, Reach.UNTOLD),
    ("in_market", {"gender": None}, {"gender": "Male"}, Reach.NARROWER),
    ("in_market", {"gender": "Male"}, {"gender": None}, Reach.WIDER),
    ("in_market", {"gender": "Male"}, {"gender": "Female"}, Reach.UNTOLD),
    ("location", {"radiusInKm": 5}, {"radiusInKm": 3}, Reach.NARROWER),
    ("location", {"pointsOfInterest": (HERE, THERE)}, {"pointsOfInterest": (HERE,)}, Reach.NARROWER),
    ("location", {"pointsOfInterest": (HERE,)}, {"pointsOfInterest": (HERE, THERE)}, Reach.WIDER),
    ("lookalike", {"targetSize": 5}, {"targetSize": 3}, Reach.NARROWER),
    ("lookalike", {"targetSize": None}, {"targetSize": 3}, Reach.UNTOLD),
]


@pytest.mark.parametrize(("name", "before", "after", "expected"), CASES)
def test_a_change_is_told_to_narrow_or_to_widen(
    name: KindName, before: dict[str, Value], after: dict[str, Value], expected: Reach
) -> None:
    """It narrows where everything that changes does, widens where everything does, and anything else is not told."""
    assert reach(Kind.of(name, before), Kind.of(name, after)) is expected


def test_what_is_not_known_may_do_either() -> None:
    """Of what we can't see, and of another kind, nothing is told."""
    wanted = Kind.of("prospecting", {"usersType": "Prospects"})
    assert reach(None, wanted) is Reach.UNTOLD
    assert reach(Kind.of("retargeting", RETARGETING), wanted) is Reach.UNTOLD
