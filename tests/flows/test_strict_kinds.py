"""Criteo stricter about its own kinds than its documents say: what fails is told by attribute, and all else goes on."""

from __future__ import annotations

import pytest

from reconciler.emulator.switches import Switches
from tests.flows.conftest import Opener
from tests.flows.shop import names

BUYERS = "  buyers: { name: Buyers, who: { event: purchase, within: 7d } }\n"
HALF_A_DAY = 43_200


@pytest.mark.parametrize(
    ("kind", "attribute"),
    [
        ("retargeting: { visitorsType: All, daysSinceLastVisitMin: 0, daysSinceLastVisitMax: 999 }", "daysSinceLast"),
        ("location: { radiusInKm: 999, pointsOfInterest: [ { name: a, latitude: 1, longitude: 1 } ] }", "radiusInKm"),
        ("lookalike: { seed: buyers, targetSize: 1 }", "targetSize"),
    ],
    ids=["days", "radius", "size"],
)
def test_a_value_that_criteo_does_not_take_is_named(open_shop: Opener, kind: str, attribute: str) -> None:
    """Exit 6: the segment by its address, the attribute, and that it may be the YAML's; the list is filled."""
    shop = open_shop(switches=Switches(kind_limits="tight"))
    shop.definitions = f"segments:\n{BUYERS}  own: {{ criteo: {{ {kind} }} }}\n"
    shop.people(names("buyer", 3), "purchase", "1d")
    done = shop.apply(code=6)
    (told,) = (line for line in done.err.splitlines() if line.startswith("failed"))
    assert "segment.own" in told
    assert f"({attribute}" in told
    assert "change that" in told
    assert shop.members("Buyers") == {*names("buyer", 3)}


def test_a_seed_that_is_not_counted_yet_takes_its_time(open_shop: Opener) -> None:
    """The lookalike fails by name while Criteo has counted nobody; an apply after its next run makes it."""
    shop = open_shop(switches=Switches(empty_seed="refused", counters="after_runs"))
    shop.definitions = f"segments:\n{BUYERS}  like: {{ criteo: {{ lookalike: {{ seed: buyers }} }} }}\n"
    shop.people(names("buyer", 3), "purchase", "1d")
    assert "(seedSegmentId)" in shop.apply(code=6).err
    assert "like" not in shop.lists()
    shop.criteo.advance(HALF_A_DAY)
    shop.apply()
    assert "like" in shop.lists()
    assert shop.plan()["summary"]["empty"]
