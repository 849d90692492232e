"""Cases for Criteo's own kinds: what is declared stands in the plan's changes, and what is only named has to exist."""

from __future__ import annotations

from collections.abc import Iterator

from tests.schema_walk.case import Case
from tests.schema_walk.given import BUYERS, SETTINGS, definitions

ELSEWHERE = SETTINGS.replace("workspace: acme-retention", "workspace: other\nstate: .other")
"""Another workspace, whose list is the first segment at Criteo."""
FIRST, NONE = '"500"', '"999"'

RETARGETING = {"visitorsType": "All", "daysSinceLastVisitMin": "0", "daysSinceLastVisitMax": "30"}
IN_MARKET = {"country": "FR"}
LOCATION = {"radiusInKm": "5", "pointsOfInterest": "[ { name: here, latitude: 1, longitude: 2 } ]"}
PROSPECTING = {"usersType": "ProspectsOrNonBuyers"}
LOOKALIKE = {"seed": "buyers"}

EDITS = (
    ("retargeting", RETARGETING, "visitorsType", "Buyers"),
    ("retargeting", RETARGETING, "daysSinceLastVisitMin", "2"),
    ("retargeting", RETARGETING, "daysSinceLastVisitMax", "20"),
    ("in_market", IN_MARKET, "country", "DE"),
    ("in_market", IN_MARKET, "interestIds", "['187']"),
    ("in_market", IN_MARKET, "brandIds", "['1002']"),
    ("in_market", IN_MARKET, "buyingPower", "[High]"),
    ("in_market", IN_MARKET, "priceRange", "[Low]"),
    ("in_market", IN_MARKET, "gender", "Male"),
    ("location", LOCATION, "radiusInKm", "9"),
    (
        "location",
        LOCATION,
        "pointsOfInterest",
        "[ { name: here, latitude: 1, longitude: 2 }, { name: there, latitude: 1.5, longitude: 3 } ]",
    ),
    ("prospecting", PROSPECTING, "usersType", "Prospects"),
    ("prospecting", PROSPECTING, "daysSinceLastVisitMin", "3"),
    ("prospecting", PROSPECTING, "daysSinceLastVisitMax", "90"),
    ("lookalike", LOOKALIKE, "seed", "vips"),
    ("lookalike", LOOKALIKE, "targetSize", "5000"),
)
POINTS = (("name", "there"), ("latitude", "1.5"), ("longitude", "3"))


def kinds() -> Iterator[tuple[str, Case]]:
    """Of definitions."""
    yield "segments.*.criteo", _differing("retargeting", RETARGETING, "prospecting", PROSPECTING)
    for kind, given, name, other in EDITS:
        changed = _differing(kind, given, kind, {**given, name: other})
        yield f"segments.*.criteo.{kind}.{name}", changed
        if name == next(iter(given)):
            yield f"segments.*.criteo.{kind}", changed
    for name, other in POINTS:
        point = {"name": "here", "latitude": "1", "longitude": "2"}
        versions = ({**LOCATION, "pointsOfInterest": f"[ {_flow(each)} ]"} for each in (point, {**point, name: other}))
        yield (
            f"segments.*.criteo.location.pointsOfInterest[].{name}",
            _differing("location", next(versions), "location", next(versions)),
        )
    yield "segments.*.criteo.lookalike.seedSegmentId", _named("{ criteo: { lookalike: { seedSegmentId: KEY } } }")
    yield "segments.*.criteo_id", _named("{ criteo_id: KEY }")


def _flow(given: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{name}: {value}" for name, value in given.items()) + " }"


def _differing(kind: str, given: dict[str, str], other: str, changed: dict[str, str]) -> Case:
    text = (
        "segments: { buyers: { who: { event: purchase } }, vips: { who: { attribute: tier, is: vip } },"
        " chosen: { criteo: { KEY } } }"
    )
    return definitions("resources", text, f"{kind}: {_flow(given)}", f"{other}: {_flow(changed)}")


def _named(segment: str) -> Case:
    earlier = {"reconciler.yaml": ELSEWHERE, "definitions.yaml": BUYERS}
    return definitions("exit", f"segments: {{ chosen: {segment} }}", FIRST, NONE, earlier=earlier)
