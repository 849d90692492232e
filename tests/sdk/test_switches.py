"""The official SDK against every Criteo that its documents leave possible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from criteo_api_marketingsolutions_v2027_01.exceptions import ApiException, OpenApiException

from reconciler.emulator import Switches
from reconciler.emulator.positions import switches_of
from tests.sdk.conftest import Meet
from tests.sdk.official import CALLS, made_world

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:criteo_api_marketingsolutions_v2027_01")

SWITCHES = switches_of(Switches)

EXPECTED: Mapping[tuple[str, Any], Mapping[str, str]] = {
    ("audiences_deleted", 204): {"delete_audiences": "ApiTypeError"},
    ("filter_based", "on"): {"search_audience_segments": "ApiValueError"},
    ("computable_sizes", "estimable"): {"estimate_audiences_sizes": "ApiException 400"},
}
"""It wants a body with every 2xx and knows no type of segment but its own; of a contact list nothing is estimated."""


def failures(meet: Meet, switches: Switches) -> dict[str, str]:
    """The calls that this SDK cannot make sense of, and its error's type."""
    meeting = meet(switches=switches)
    used, unused = made_world(meeting.official), made_world(meeting.official, "2")
    found: dict[str, str] = {}
    for name in CALLS:
        try:
            CALLS[name](meeting.official, unused if name.startswith("delete") else used)
        except OpenApiException as error:
            status = f" {error.status}" if isinstance(error, ApiException) else ""
            found[name] = f"{type(error).__name__}{status}"
    return found


@pytest.mark.parametrize("name", SWITCHES)
def test_it_reads_every_answer(meet: Meet, name: str) -> None:
    """Every call works in every position of every switch, but where this SDK is known to go no further."""
    for position in SWITCHES[name].others:
        switches = Switches().changed({name: position})
        assert failures(meet, switches) == EXPECTED.get((name, position), {}), position
