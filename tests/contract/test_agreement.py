"""The emulator's own idea of bodies, against Criteo's schemas: they were written apart and have to agree.

Every value of a full body is exchanged for one of every JSON type, or left out, one at a time; both say whether they
take what comes of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.emulator.bodies import AMENDMENT, check, read_amendment
from reconciler.emulator.responses import RefusedError
from reconciler.emulator.switches import Switches
from tests.contract.document import FORMATS, document, operation_of

Place = tuple[str | int, ...]

LEFT_OUT = object()
VALUES: tuple[Any, ...] = (
    None,
    True,
    7,
    2**31,
    -(2**31) - 1,
    2**63,
    1.5,
    "x",
    [],
    [7],
    [None],
    ["x"],
    [{}],
    {},
    {"value": 7},
    {"value": "x"},
)

ALGEBRA = {"and": [{"or": [{"audienceSegmentId": "1"}]}, {"not": {"audienceSegmentId": "2"}}]}
POINT = {"name": "Shop", "latitude": 1.5, "longitude": 2.5}
MARKET = {
    "country": "FR",
    "interestIds": ["1"],
    "brandIds": ["1"],
    "buyingPower": ["High"],
    "priceRange": ["Low"],
}
DAYS = {"daysSinceLastVisitMin": 1, "daysSinceLastVisitMax": 2}
NILLABLE_DAYS = {name: {"value": number} for name, number in DAYS.items()}
IDS = {"data": [{"id": "1", "type": "x"}, {"id": "2"}]}

BODIES: Mapping[str, Any] = {
    "SearchAudienceSegments": {
        "data": {
            "type": "x",
            "attributes": {
                "advertiserIds": ["42"],
                "audienceSegmentIds": ["1"],
                "audienceSegmentTypes": ["ContactList"],
            },
        }
    },
    "CreateAudienceSegments": {
        "data": [
            {
                "type": "x",
                "attributes": {
                    "advertiserId": "42",
                    "name": "n",
                    "description": "d",
                    "contactList": {},
                    "inMarket": {**MARKET, "gender": "Male"},
                    "location": {"pointsOfInterest": [POINT], "radiusInKm": 5},
                    "lookalike": {"seedSegmentId": "1", "targetSize": 5},
                    "prospecting": {"usersType": "Prospects", **DAYS},
                    "retargeting": {"visitorsType": "All", **DAYS},
                },
            }
        ]
    },
    "UpdateAudienceSegments": {
        "data": [
            {
                "id": "1",
                "type": "x",
                "attributes": {
                    "name": "n",
                    "description": {"value": "d"},
                    "inMarket": {**MARKET, "gender": {"value": "Male"}},
                    "location": {"pointsOfInterest": [POINT], "radiusInKm": 5, "registryType": "PointOfInterest"},
                    "lookalike": {"targetSize": 5},
                    "prospecting": {"usersType": "Prospects", **NILLABLE_DAYS},
                    "retargeting": {"visitorsType": "All", **DAYS},
                },
            }
        ]
    },
    "DeleteAudienceSegments": IDS,
    "ComputeAudienceSegmentsSizes": IDS,
    "EstimateAudienceSegmentsSizes": {
        "data": {
            "type": "x",
            "attributes": {
                "advertiserId": "42",
                "inMarket": {**MARKET, "gender": "Male"},
                "location": {"pointsOfInterest": [POINT], "radiusInKm": 5},
            },
        }
    },
    AMENDMENT: {
        "data": {
            "type": "x",
            "attributes": {"operation": "add", "identifierType": "gum", "gumCallerId": 7, "identifiers": ["a", "b"]},
        }
    },
    "SearchAudiences": {
        "data": {
            "type": "x",
            "attributes": {
                "advertiserIds": ["42"],
                "audienceIds": ["1"],
                "adSetIds": ["1"],
                "audienceSegmentIds": ["1"],
            },
        }
    },
    "CreateAudiences": {
        "data": [
            {"type": "x", "attributes": {"advertiserId": "42", "name": "n", "description": "d", "algebra": ALGEBRA}}
        ]
    },
    "UpdateAudiences": {
        "data": [
            {
                "id": "1",
                "type": "x",
                "attributes": {"name": "n", "description": {"value": "d"}, "algebra": ALGEBRA},
            }
        ]
    },
    "DeleteAudiences": IDS,
    "ComputeAudiencesSizes": IDS,
    "EstimateAudiencesSizes": {
        "data": {"type": "x", "attributes": {"advertiserId": "42", "algebra": ALGEBRA}},
    },
    "UpdateAdSetAudience": {"data": {"id": "1", "type": "x", "attributes": {"audienceId": "1"}}},
    "SearchAdSets": {
        "filters": {"campaignIds": ["1"], "advertiserIds": ["42"], "adSetIds": ["1"]},
        "meta": {"fields": ["Name"]},
    },
    "SearchCampaigns": {"filters": {"campaignIds": ["1"], "advertiserIds": ["42"]}},
}


NEEDED: Mapping[str, set[str]] = {
    "SearchAudienceSegments": set(),
    "SearchAudiences": set(),
    "CreateAudienceSegments": {"attributes"},
    "CreateAudiences": {"attributes"},
    "UpdateAudienceSegments": {"id", "attributes"},
    "UpdateAudiences": {"id", "attributes"},
    "DeleteAudienceSegments": {"id"},
    "DeleteAudiences": {"id"},
    "ComputeAudienceSegmentsSizes": {"id"},
    "ComputeAudiencesSizes": {"id"},
    "EstimateAudienceSegmentsSizes": {"attributes"},
    "EstimateAudiencesSizes": {"attributes"},
    "UpdateAdSetAudience": {"attributes"},
}
"""What the schemas let a resource leave out and the emulator needs."""


def test_every_body_is_here() -> None:
    """All that Criteo takes as JSON."""
    assert {each["id"] for each in document()["endpoints"] if each["request"]} - {"OAuth2Token"} == BODIES.keys()


@pytest.mark.parametrize("name", BODIES)
def test_both_take_the_same_bodies(name: str) -> None:
    """But for what the schemas let a body leave out and nobody could do anything with, which the emulator refuses."""
    schema = {"$defs": document()["$defs"], **operation_of(name)["request"]}
    validator = Draft202012Validator(schema, format_checker=FORMATS)
    assert (validator.is_valid(BODIES[name]), takes(name, BODIES[name])) == (True, True)

    differ = [
        (place, value)
        for place, value, body in changes(BODIES[name])
        if (validator.is_valid(body) and makes_sense(name, body)) != takes(name, body)
    ]

    assert differ == []


def makes_sense(name: str, body: Any) -> bool:
    """Whether a body that fits has what it is about: its resources with the id and the attributes that they need."""
    if name not in NEEDED:
        return True
    data = body.get("data")
    resources = data if isinstance(data, list) else [data]
    return all(
        each is not None and NEEDED[name] <= {key for key in each if each[key] is not None} for each in resources
    )


def takes(name: str, body: Any) -> bool:
    """Whether the emulator takes a body."""
    try:
        if name == AMENDMENT:
            read_amendment(body, Switches())
        else:
            check(name, body)
    except RefusedError:
        return False
    return True


def changes(body: Any) -> Iterator[tuple[Place, object, Any]]:
    """Yield bodies that are different in one place, with the place and what is there now."""
    for place in places(body):
        for value in (LEFT_OUT, *VALUES):
            changed = deepcopy(body)
            within = changed
            for part in place[:-1]:
                within = within[part]
            if value is LEFT_OUT:
                del within[place[-1]]
            else:
                within[place[-1]] = value
            yield place, value, changed


def places(value: Any, before: Place = ()) -> Iterator[Place]:
    """Yield every place in a JSON value but the whole."""
    if not isinstance(value, dict | list):
        return
    for part in value if isinstance(value, dict) else range(len(value)):
        yield (*before, part)
        yield from places(value[part], (*before, part))
