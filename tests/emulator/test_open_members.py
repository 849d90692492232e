"""Open points of identifiers and their counters: what the emulator does at each position of a switch."""

from __future__ import annotations

import pytest

from reconciler.emulator import Switches
from tests.emulator.caller import codes, digest, some_lists, statistics
from tests.emulator.conftest import Make

SEGMENTS, AUDIENCES = "/audience-segments", "/audiences"


@pytest.mark.parametrize(
    ("switches", "status"), [(Switches(too_many_identifiers=400), 400), (Switches(too_many_identifiers=413), 413)]
)
def test_too_many_identifiers(make_caller: Make, switches: Switches, status: int) -> None:
    """More than 50,000 in one call, and none of them is taken."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    assert caller.amend("500", "add", [digest(1)] * 50_001).status_code == status
    assert caller.members("500") == []


@pytest.mark.parametrize(
    ("switches", "status"),
    [(Switches(missing_identifier_type="email"), 200), (Switches(missing_identifier_type="refuse"), 400)],
)
def test_identifiers_without_a_type(make_caller: Make, switches: Switches, status: int) -> None:
    """They are e-mail addresses, or refused."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    assert caller.amend("500", "add", [digest(1)]).status_code == status
    assert caller.members("500") == ([digest(1)] if status == 200 else [])
    assert caller.amend("500", "add", [digest(1)], identifierType="email").status_code == 200


@pytest.mark.parametrize(("switches", "status"), [(Switches(all_invalid=200), 200), (Switches(all_invalid=400), 400)])
def test_identifiers_that_are_all_malformed(make_caller: Make, switches: Switches, status: int) -> None:
    """They are counted, or the call is refused; one good one makes it a 200."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    assert caller.amend("500", "add", ["no", "neither"], identifierType="email").status_code == status
    assert caller.amend("500", "add", ["no", digest(1)], identifierType="email").status_code == 200


@pytest.mark.parametrize(
    ("switches", "counts"), [(Switches(duplicates="each"), (2, 3)), (Switches(duplicates="once"), (1, 1))]
)
def test_identifiers_that_come_twice(make_caller: Make, switches: Switches, counts: tuple[int, int]) -> None:
    """Each counts, or the same ones count once, well-formed or not; the list holds it once."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    answer = caller.amend("500", "add", [digest(1)] * 2 + ["no"] * 3, identifierType="email")
    attributes = answer.json()["data"]["attributes"]
    assert counts == (attributes["nbValidIdentifiers"], attributes["nbInvalidIdentifiers"])
    assert caller.members("500") == [digest(1)]


@pytest.mark.parametrize(
    ("switches", "valid"), [(Switches(upper_case_hex="valid"), True), (Switches(upper_case_hex="invalid"), False)]
)
@pytest.mark.parametrize(("kind", "length"), [("email", 64), ("email", 32), ("phoneNumber", 64)])
def test_a_digest_in_upper_case(make_caller: Make, switches: Switches, valid: bool, kind: str, length: int) -> None:
    """It is the same as in lower case, or malformed, alone and among others."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    for others in ([], ["no"]):
        answer = caller.amend("500", "add", [digest(1)[:length].upper(), *others], identifierType=kind)
        attributes = answer.json().get("data", {}).get("attributes", {"nbValidIdentifiers": 0})
        assert attributes["nbValidIdentifiers"] == int(valid)
    assert caller.members("500", kind) == ([digest(1)[:length]] if valid else [])


@pytest.mark.parametrize(("switches", "left"), [(Switches(forms="meet"), 0), (Switches(forms="apart"), 1)])
@pytest.mark.parametrize(("added", "removed"), [("person1@example.com", digest(1)), (digest(1), "person1@example.com")])
def test_another_form_of_an_address(make_caller: Make, switches: Switches, left: int, added: str, removed: str) -> None:
    """Removing the plain form of what was added hashed, or the other way round, removes it or leaves it."""
    caller = make_caller(switches=switches)
    some_lists(caller, "a")
    caller.amend("500", "add", [added], identifierType="email")
    caller.amend("500", "remove", [removed], identifierType="email")
    assert len(caller.members("500")) == left
    caller.amend("500", "remove", [added], identifierType="email")
    assert caller.members("500") == []


@pytest.mark.parametrize(("switches", "status"), [(Switches(unknown_list=404), 404), (Switches(unknown_list=403), 403)])
def test_a_list_that_is_not_there(make_caller: Make, switches: Switches, status: int) -> None:
    """Criteo's code `audience-invalid` was documented for both statuses."""
    answer = make_caller(switches=switches).amend("999", "add", [digest(1)], identifierType="email")
    assert (answer.status_code, codes(answer)) == (status, ["audience-invalid"])


@pytest.mark.parametrize(
    ("switches", "counted"), [(Switches(counters="after_runs"), 0), (Switches(counters="at_once"), 9)]
)
def test_when_counters_change(make_caller: Make, switches: Switches, counted: int) -> None:
    """Sizes and statistics show the last processing run, or the present."""
    caller = make_caller(switches=switches)
    caller.set_clock("2026-11-21T01:00:00Z")
    caller.authorize()
    some_lists(caller, "a")
    caller.amend("500", "add", list(map(digest, range(9))), identifierType="email")
    size = caller.bulk("POST", f"{SEGMENTS}/compute-sizes", {"id": "500"}).json()["data"][0]["attributes"]["size"]
    assert (statistics(caller, "500")["numberOfIdentifiers"], bool(size)) == (counted, bool(counted))


@pytest.mark.parametrize("rate", [0.0, 0.64, 1.0])
def test_the_match_rate(make_caller: Make, rate: float) -> None:
    """Lists and identifier types differ a little around it, the same for the same list; none and all are exact."""
    caller = make_caller(switches=Switches(match_rate=rate, counters="at_once"))
    some_lists(caller, "a", "b", "c")
    for segment, kind in (("500", "email"), ("501", "email"), ("502", "phoneNumber")):
        caller.amend(segment, "add", list(map(digest, range(500))), identifierType=kind)
    rates = [statistics(caller, segment)["matchRate"] for segment in ("500", "501", "502")]
    assert len(set(rates)) == (3 if rate == 0.64 else 1)
    assert all(abs(each - 100 * rate) <= 10 for each in rates)
    assert rates == [statistics(caller, segment)["matchRate"] for segment in ("500", "501", "502")]
