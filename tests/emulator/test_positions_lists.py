"""What is open about contact lists, seen both ways: identifiers, what an answer counts, what statistics show."""

from __future__ import annotations

from base64 import b64encode
from hashlib import md5
from typing import Any

import pytest

from reconciler.emulator import Switches
from tests.emulator.caller import Caller, digest
from tests.emulator.conftest import Make

DEVICE = "6D92078A-8246-4BA4-AE5B-76104861E7DC"
MD5 = md5(b"person1@example.com", usedforsecurity=False).hexdigest()
BASE64 = b64encode(bytes.fromhex(digest(1))).decode()


def told(caller: Caller, operation: str, *identifiers: str, of: str = "email", **attributes: object) -> dict[str, Any]:
    """What the answer to a contact-list call says, on a list that may have been made for it."""
    segment = "500" if caller.send("GET", "/emulator/segments").json() else caller.new_list()
    answer = caller.amend(segment, operation, identifiers, identifierType=of, **attributes)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["data"]["attributes"])


def counts(answer: dict[str, Any]) -> tuple[int, int]:
    """Valid and invalid ones of an answer."""
    return answer["nbValidIdentifiers"], answer["nbInvalidIdentifiers"]


@pytest.mark.parametrize(
    ("switches", "counted", "members"),
    [
        (Switches(madid_case="apart"), (2, 0), [DEVICE, DEVICE.lower()]),
        (Switches(madid_case="meet"), (2, 0), [DEVICE.lower()]),
        (Switches(madid_case="lower"), (1, 1), [DEVICE.lower()]),
    ],
)
def test_the_case_of_identifiers_of_devices(
    make_caller: Make, switches: Switches, counted: tuple[int, int], members: list[str]
) -> None:
    """Capitals make another member, the same one, or none; and so it is when they are removed."""
    caller = make_caller(switches=switches)
    assert counted == counts(told(caller, "add", DEVICE, DEVICE.lower(), of="madid"))
    assert members == sorted(caller.members("500", "madid"))
    told(caller, "remove", DEVICE, of="madid")
    assert caller.members("500", "madid") == ([] if switches.madid_case == "meet" else [DEVICE.lower()])


@pytest.mark.parametrize(
    ("switches", "counted"),
    [(Switches(other_digests="invalid"), (0, 1)), (Switches(other_digests="valid"), (1, 0))],
)
def test_other_digests(make_caller: Make, switches: Switches, counted: tuple[int, int]) -> None:
    """A digest in Base64 and that of an identifier of a device are malformed or not, and the first is who it is."""
    caller = make_caller(switches=switches)
    for of, identifier in (("email", BASE64), ("phoneNumber", BASE64), ("madid", digest(1))):
        assert counted == counts(told(caller, "add", identifier, of=of))
    assert caller.members("500") == ([digest(1)] if counted[0] else [])


@pytest.mark.parametrize(
    ("switches", "counted"),
    [(Switches(email_digests="all"), (2, 0)), (Switches(email_digests="sha256"), (1, 1))],
)
def test_digests_by_md5(make_caller: Make, switches: Switches, counted: tuple[int, int]) -> None:
    """They are well-formed or not; those by SHA-256 always are."""
    assert counted == counts(told(make_caller(switches=switches), "add", MD5, digest(1)))


@pytest.mark.parametrize(
    ("switches", "status"), [(Switches(phone_numbers="taken"), 200), (Switches(phone_numbers="india"), 400)]
)
def test_whose_telephone_numbers_are_taken(make_caller: Make, switches: Switches, status: int) -> None:
    """Everybody's, or a call with some is refused and changes nothing."""
    caller = make_caller(switches=switches)
    segment = caller.new_list()
    assert status == caller.amend(segment, "add", [digest(1)], identifierType="phoneNumber").status_code
    assert len(caller.members(segment, "phoneNumber")) == (1 if status == 200 else 0)
    assert caller.amend(segment, "add", [digest(1)]).status_code == 200


@pytest.mark.parametrize(
    ("switches", "status"), [(Switches(gum_caller="optional"), 200), (Switches(gum_caller="needed"), 400)]
)
def test_identifiers_of_gum_without_their_caller(make_caller: Make, switches: Switches, status: int) -> None:
    """They are taken, or not; with it they always are."""
    caller = make_caller(switches=switches)
    segment = caller.new_list()
    assert status == caller.amend(segment, "add", ["abc"], identifierType="gum").status_code
    assert caller.amend(segment, "add", ["abc"], identifierType="gum", gumCallerId=7).status_code == 200


@pytest.mark.parametrize("most", [50_000, 3])
def test_how_many_identifiers_a_call_may_have(make_caller: Make, most: int) -> None:
    """So many are taken; with one more the call is refused whole."""
    caller = make_caller(switches=Switches(most_identifiers=most))
    segment = caller.new_list()
    people = [digest(number) for number in range(4)]
    assert caller.amend(segment, "add", people[:3]).status_code == 200
    assert caller.amend(segment, "add", people).status_code == (200 if most > 3 else 400)
    assert len(caller.members(segment)) == min(most, 4)


@pytest.mark.parametrize(
    ("switches", "valid"),
    [(Switches(valid_counts="well_formed"), 100), (Switches(valid_counts="recognised", match_rate=0.0), 0)],
)
def test_which_identifiers_an_answer_calls_valid(make_caller: Make, switches: Switches, valid: int) -> None:
    """All that are well-formed, or those that Criteo knows; the others are no invalid ones for that."""
    caller = make_caller(switches=switches)
    assert (valid, 1) == counts(told(caller, "add", *map(digest, range(100)), "nonsense"))
    assert len(caller.members("500")) == 100


@pytest.mark.parametrize(("most", "shown"), [(10, 10), (0, 0), (1_000, 12)])
def test_how_many_malformed_identifiers_are_shown(make_caller: Make, most: int, shown: int) -> None:
    """The first few, none, or all; the count tells of all."""
    answer = told(
        make_caller(switches=Switches(invalid_sample=most)), "add", *("?" * n for n in range(1, 13)), digest(1)
    )
    assert (shown, 12) == (len(answer["sampleInvalidIdentifiers"]), answer["nbInvalidIdentifiers"])


@pytest.mark.parametrize(
    ("switches", "counted"),
    [(Switches(remove_absent="valid"), (2, 0)), (Switches(remove_absent="invalid"), (1, 1))],
)
def test_removing_who_is_not_there(make_caller: Make, switches: Switches, counted: tuple[int, int]) -> None:
    """It counts as any removal or as invalid, and removes the others either way."""
    caller = make_caller(switches=switches)
    told(caller, "add", digest(1), digest(3))
    answer = told(caller, "remove", digest(1), digest(2))
    assert counted == counts(answer)
    assert answer["sampleInvalidIdentifiers"] == [digest(2)][: counted[1]]
    assert [digest(3)] == caller.members("500")


@pytest.mark.parametrize(
    ("switches", "many", "shown"),
    [
        (Switches(figures="exact"), 1234, 1234),
        (Switches(figures="rounded"), 1234, 1200),
        (Switches(figures="rounded"), 99, 0),
        (Switches(figures="hidden"), 999, 0),
        (Switches(figures="hidden"), 1234, 1234),
    ],
)
def test_how_exact_figures_are(make_caller: Make, switches: Switches, many: int, shown: int) -> None:
    """Statistics and sizes show what was counted, hundreds of it, or nothing of a small list."""
    caller = make_caller(switches=switches.changed({"counters": "at_once", "match_rate": 1.0}))
    told(caller, "add", *map(digest, range(many)))
    statistics = caller.send("GET", "/audience-segments/500/contact-list/statistics").json()["data"]["attributes"]
    size = caller.bulk("POST", "/audience-segments/compute-sizes", {"id": "500"}).json()["data"][0]["attributes"][
        "size"
    ]
    assert [shown] * 3 == [statistics["numberOfIdentifiers"], statistics["numberOfMatches"], size]
