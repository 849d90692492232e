"""Criteo's own kinds: from the YAML to Criteo's JSON, and back from what Criteo tells."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reconciler.config.load import load
from reconciler.criteo.kinds import changed_kind, new_kind, read_kind
from reconciler.model.address import Address, criteo_address
from reconciler.model.kinds import Kind
from reconciler.model.remote import RemoteSegment, SegmentDraft
from reconciler.plan.kind_diff import edit, kind_lines
from reconciler.plan.replacing import shown_kind
from reconciler.plan.targeting import Lists
from reconciler.state.snapshot import KindRecord
from tests.criteo.pretend import Pretend
from tests.plan.builders import nothing
from tests.switches.positions import usual

SWITCHES = usual(
    empty_seed="taken", in_market_ids="optional", kind_limits="none", left_out="unchanged", unlisted_ids="taken"
)

SETTINGS = """version: 1
workspace: acme
advertiser: "42"
source:
  customers: { table: customers.csv, key: id, identifiers: { email: email } }
  events: { table: events.csv, customer: id, name: event, time: at }
segments:
  chosen: { criteo: KIND }
"""
quietly = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))

DAYS = st.integers(min_value=0, max_value=2**31 - 1)
IDS = st.lists(st.text("0123456789", min_size=1, max_size=6), min_size=1, max_size=4, unique=True)
NAMES = st.text("abcdefé ", min_size=1, max_size=12).map(str.strip).filter(bool)


def words(*choices: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(choices), min_size=1, unique=True)


def degrees(most: int) -> st.SearchStrategy[float]:
    """Degrees with more decimals than Criteo keeps, and none so small that JSON writes it with an exponent."""
    found = st.decimals(min_value=-most, max_value=most, places=7).map(float)
    return found.filter(lambda each: each == 0 or abs(each) > 0.001)


def days(optional: bool = False) -> st.SearchStrategy[dict[str, int]]:
    names = ("daysSinceLastVisitMin", "daysSinceLastVisitMax")
    both = st.tuples(DAYS, DAYS).map(lambda two: dict(zip(names, sorted(two), strict=True)))
    return both | st.just({}) if optional else both


RETARGETING = st.builds(
    lambda who, span: {"visitorsType": who, **span}, st.sampled_from(["All", "Buyers", "NonBuyers"]), days()
)
PROSPECTING = st.builds(lambda span: {"usersType": "ProspectsOrNonBuyers", **span}, days(optional=True))
IN_MARKET = st.fixed_dictionaries(
    {"country": st.sampled_from(["FR", "DE", "GB"])},
    optional={
        "interestIds": IDS,
        "brandIds": IDS,
        "buyingPower": words("Low", "Medium", "High", "VeryHigh"),
        "priceRange": words("Low", "Medium", "High"),
        "gender": st.sampled_from(["Male", "Female"]),
    },
)
POINT = st.fixed_dictionaries({"name": NAMES, "latitude": degrees(90), "longitude": degrees(180)})
LOCATION = st.fixed_dictionaries(
    {
        "radiusInKm": st.integers(min_value=1, max_value=500),
        "pointsOfInterest": st.lists(POINT, min_size=1, max_size=4, unique_by=lambda each: each["name"]),
    }
)
LOOKALIKE = st.fixed_dictionaries(
    {"seedSegmentId": st.just("501")}, optional={"targetSize": st.integers(min_value=1, max_value=2**63 - 1)}
)
KINDS = st.one_of(
    *(
        st.builds(lambda given, name=name: {name: given}, each)
        for name, each in (
            ("retargeting", RETARGETING),
            ("prospecting", PROSPECTING),
            ("in_market", IN_MARKET),
            ("location", LOCATION),
            ("lookalike", LOOKALIKE),
        )
    )
)


def kind_of(written: dict[str, Any]) -> Kind:
    """What a workspace makes of a kind; JSON is YAML, and has quotes where the language asks for them."""
    with tempfile.TemporaryDirectory() as root:
        text = SETTINGS.replace("KIND", json.dumps(written, ensure_ascii=False))
        (Path(root) / "reconciler.yaml").write_text(text, encoding="utf-8")
        (segment,) = load(Path(root)).criteo_segments
    assert segment.kind is not None
    return segment.kind


def read_back(pretend: Pretend, name: str) -> Kind:
    """What Criteo tells of a segment."""
    found = next(each for each in pretend.connect().segments() if each.name == name)
    assert found.kind is not None
    return found.kind


@quietly
@given(written=KINDS)
def test_what_the_yaml_says_comes_back_from_criteo(written: dict[str, Any]) -> None:
    """YAML to JSON to Criteo and back is the same kind with the same attributes, so that a plan finds no difference,
    and so is what the state keeps.
    """
    kind = kind_of(written)
    pretend = Pretend({"switches": SWITCHES})
    try:
        client = pretend.connect()
        (seed,) = client.create_segments([SegmentDraft(name="Seed", description=None)])
        made = replace(kind, seed=criteo_address(str(seed)) if kind.seed else None)
        (chosen,) = client.create_segments([SegmentDraft(name="Chosen", description=None, kind=made)])
        assert isinstance(chosen, str)
        found = read_back(pretend, "Chosen")
    finally:
        pretend.app.close()
    assert found.said() == made
    assert edit(made, found, made).changes == ()
    assert kind_lines(made, found, None) == ()
    assert Kind.from_dict(json.loads(json.dumps(made.to_dict()))) == made


FIRST_DAY = {"usersType": "ProspectsOrNonBuyers", "daysSinceLastVisitMin": 0, "daysSinceLastVisitMax": 0}


@quietly
@example(two=(FIRST_DAY, {"usersType": "ProspectsOrNonBuyers"}))  # a number that is zero says something
@given(two=st.tuples(IN_MARKET, IN_MARKET) | st.tuples(PROSPECTING, PROSPECTING) | st.tuples(LOCATION, LOCATION))
def test_one_update_makes_one_of_another(two: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Whatever differs, what a plan sends makes what is wanted of what was, attributes taken back among it."""
    first = two[0]
    name = "prospecting" if "usersType" in first else "location" if "radiusInKm" in first else "in_market"
    before, after = (kind_of({name: each}) for each in two)
    pretend = Pretend({"switches": SWITCHES})
    try:
        client = pretend.connect()
        (chosen,) = client.create_segments([SegmentDraft(name="Chosen", description=None, kind=before)])
        changes = edit(after, read_back(pretend, "Chosen"), before).changes
        if changes:
            draft = SegmentDraft(id=str(chosen), name=None, description=None, kind=after.update_of(changes))
            assert client.update_segments([draft]) == (None,)
        found = read_back(pretend, "Chosen")
    finally:
        pretend.app.close()
    assert found.said() == after
    assert edit(after, found, after).changes == ()


def test_what_can_be_taken_back_is_wrapped_in_an_update_alone() -> None:
    """A creation is plain; an update wraps gender and the days of prospecting, null where they go, and nothing else."""
    market = Kind.of("in_market", {"country": "FR", "gender": "Male", "brandIds": ("3",)})
    assert new_kind(market) == {"inMarket": {"country": "FR", "gender": "Male", "brandIds": ["3"]}}
    assert changed_kind(market) == {"inMarket": {"country": "FR", "gender": {"value": "Male"}, "brandIds": ["3"]}}
    nothing = Kind.of("prospecting", {}).only(["daysSinceLastVisitMin", "daysSinceLastVisitMax"])
    none = {"value": None}
    assert changed_kind(nothing) == {"prospecting": {"daysSinceLastVisitMin": none, "daysSinceLastVisitMax": none}}


def test_a_seed_without_an_id_is_never_sent() -> None:
    """A lookalike of a list that is not made yet is a mistake of ours."""
    with pytest.raises(ValueError, match=r"segment\.vips"):
        new_kind(Kind.of("lookalike", {}, Address("segment.vips")))


UNKNOWN = [
    ("Retargeting", "retargeting", {"visitorsType": "Unknown", "daysSinceLastVisitMax": None}, {}),
    ("Prospecting", "prospecting", {"usersType": None, "daysSinceLastVisitMin": None}, {"daysSinceLastVisitMin": None}),
    ("InMarket", "inMarket", {"buyingPower": ["Low", "Unknown"], "gender": "Unknown"}, {}),
    ("InMarket", "inMarket", {"gender": "Other", "priceRange": None}, {"gender": "Other", "priceRange": ()}),
    ("Location", "location", {"pointsOfInterest": [{"name": "x"}], "radiusInKm": 3}, {"radiusInKm": 3}),
    ("Location", "location", {"pointsOfInterest": [{"name": None, "latitude": None, "longitude": 1.5}]}, {}),
    ("Lookalike", "lookalike", None, {}),
]


@pytest.mark.parametrize(("type_", "key", "given", "read"), UNKNOWN)
def test_what_criteo_does_not_tell_is_left_open(
    type_: str, key: str, given: dict[str, Any] | None, read: dict[str, Any]
) -> None:
    """`Unknown`, a null where something must be, and shapes that nobody knows are no difference to anything."""
    kind = read_kind({"type": type_, key: given})
    assert kind is not None
    assert kind.values == read


@pytest.mark.parametrize("type_", ["ContactList", "Behavioral", "FilterBased", "Unknown"])
def test_other_types_are_none_of_these(type_: str) -> None:
    """What we can't make has no kind."""
    assert read_kind({"type": type_, "retargeting": None, "contactList": {"isReadOnly": False}}) is None


def test_an_unknown_value_at_criteo_is_no_reason_to_send_anything() -> None:
    """What Criteo says nothing of is taken to be as recorded."""
    wanted = Kind.of("retargeting", {"visitorsType": "All", "daysSinceLastVisitMin": 0, "daysSinceLastVisitMax": 30})
    told = {"visitorsType": "Unknown", "daysSinceLastVisitMin": 0, "daysSinceLastVisitMax": 30}
    kind = read_kind({"type": "Retargeting", "retargeting": told})
    assert kind is not None
    remote = RemoteSegment(id="1", name="x", description=None, type="Retargeting", kind=kind)
    record = KindRecord(address=Address("segment.x"), criteo_id="1", name="x", description=None, kind=wanted)
    shown = shown_kind(remote, record, Lists(nothing(), None))
    assert shown is not None
    assert edit(wanted, shown, wanted).changes == ()
