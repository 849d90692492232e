"""Sizes and matches."""

from __future__ import annotations

import pytest

from reconciler.emulator import Switches
from tests.emulator.caller import Caller, digest
from tests.emulator.conftest import Make


def _figures(caller: Caller, segment: str) -> tuple[int, int, int]:
    """Identifiers, matches, and the size that is computed."""
    told = caller.send("GET", f"/audience-segments/{segment}/contact-list/statistics").json()["data"]["attributes"]
    size = caller.bulk("POST", "/audience-segments/compute-sizes", {"id": segment}).json()["data"][0]
    return told["numberOfIdentifiers"], told["numberOfMatches"], size["attributes"]["size"]


@pytest.mark.parametrize("types", [("email",), ("email", "gum"), ("gum", "madid", "email")])
def test_a_list_of_any_types_holds_nobody_before_the_first_run(caller: Caller, types: tuple[str, ...]) -> None:
    """Nothing has been counted, of whichever types."""
    segment = caller.new_list()
    for each in types:
        caller.amend(segment, "add", [digest(1)], identifierType=each)
        assert (0, 0, 0) == _figures(caller, segment)


def test_the_matches_of_two_types_are_counted_by_the_run(make_caller: Make) -> None:
    """Each type has a rate of its own; everybody is recognised where the rate is one."""
    caller = make_caller(switches=Switches(match_rate=1.0))
    caller.set_clock("2027-03-01T11:00:00Z")
    caller.authorize()
    segment = caller.new_list()
    caller.amend(segment, "add", [digest(number) for number in range(40)])
    caller.amend(segment, "add", ["gum-1", "gum-2"], identifierType="gum")
    caller.set_clock("2027-03-01T12:00:00Z")
    caller.authorize()
    assert (42, 42, 42) == _figures(caller, segment)
