from __future__ import annotations

import json
import re

from tests.contract.document import document
from tests.fuzz.openapi import VERSIONS, openapi
from tests.fuzz.seeding import ids_of, seeded


def test_every_operation_is_in_it() -> None:
    """All that Criteo's schemas have can be fuzzed, and nothing it points to is missing."""
    made = openapi()
    operations = [each["operationId"] for path in made["paths"].values() for each in path.values()]

    assert sorted(operations) == sorted(each["id"] for each in document()["endpoints"])
    pointed = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(made)))
    assert pointed <= made["components"]["schemas"].keys()
    assert "$defs" not in json.dumps(made)
    assert VERSIONS == ("2026-01", "2026-07", "2027-01")


class Everything:
    """Knows everything, and says of what kind it is."""

    def known(self, value: object, kind: str) -> object:
        return f"{kind} for {value}"


def test_what_stands_for_something_is_exchanged() -> None:
    """Ids become known ones wherever they stand, and the rest stays."""
    body = {"data": [{"id": "x", "attributes": {"name": "x", "algebra": {"and": [{"audienceSegmentId": "y"}]}}}]}

    assert seeded(body, Everything(), ids_of("/{version}/marketing-solutions/audiences")) == {
        "data": [
            {
                "id": "audience for x",
                "attributes": {"name": "x", "algebra": {"and": [{"audienceSegmentId": "segment for y"}]}},
            }
        ]
    }
    assert seeded({"adSetIds": ["1", "2"]}, Everything(), "") == {"adSetIds": ["ad_set for 1", "ad_set for 2"]}
