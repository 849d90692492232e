"""What is well-formed, and what a member is kept as."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.emulator.identifiers import READERS, _sift_one_by_one, show, sift
from reconciler.emulator.switches import Switches

USUAL = Switches()
DIGEST = sha256(b"person1@example.com").hexdigest()
UUID = "6D92078A-8246-4BA4-AE5B-76104861E7DC"


@pytest.mark.parametrize(
    ("identifier_type", "text"),
    [
        ("email", "person1@example.com"),
        ("email", " Person.One+tag@mail.example.org "),
        ("email", DIGEST),
        ("email", DIGEST[:32]),
        ("phoneNumber", "+33612345678"),
        ("phoneNumber", DIGEST),
        ("madid", UUID),
        ("gum", "k_abc-123"),
        ("identityLink", "XY1000bIVBVah9ium"),
    ],
)
def test_well_formed(identifier_type: str, text: str) -> None:
    """Every form that Criteo's documents name is taken."""
    assert (1, 0) == (sift(identifier_type, [text], USUAL).valid, sift(identifier_type, [text], USUAL).invalid)


@pytest.mark.parametrize(
    ("identifier_type", "text"),
    [
        ("email", ""),
        ("email", "person1@example"),
        ("email", "person1 @example.com"),
        ("email", "a@b@example.com"),
        ("email", "half\ud800@example.com"),
        ("email", "nothing\0@example.com"),
        ("email", DIGEST[:-1]),
        ("email", DIGEST[:-1] + "g"),
        ("email", DIGEST[:-1] + " "),
        ("phoneNumber", "0612345678"),
        ("phoneNumber", "+0612345678"),
        ("phoneNumber", "+33 6 12 34 56 78"),
        ("phoneNumber", DIGEST[:32]),
        ("madid", "not-a-device"),
        ("gum", "two words"),
        ("identityLink", ""),
    ],
)
def test_malformed(identifier_type: str, text: str) -> None:
    """It is counted and shown, and becomes no member."""
    sifted = sift(identifier_type, [text], USUAL)
    assert ([], 1, (text,)) == (list(sifted.keys), sifted.invalid, sifted.invalid_sample)


def test_the_sample_of_malformed_identifiers_is_short() -> None:
    """Ten are shown, all are counted."""
    sifted = sift("email", ["no"] * 25, USUAL)
    assert (25, 10) == (sifted.invalid, len(sifted.invalid_sample))


def test_a_phone_number_meets_the_digest_of_its_digits() -> None:
    """The plus is no part of what is hashed."""
    digest = sha256(b"33612345678").hexdigest()
    assert [digest] == [show("phoneNumber", key) for key in sift("phoneNumber", ["+33612345678"], USUAL).keys]


def test_no_identifier_shows_in_the_text_of_the_value() -> None:
    """`repr` hides members and samples."""
    assert "person" not in repr(sift("email", ["person1@example.com", "person2"], USUAL))
    assert DIGEST not in repr(sift("email", [DIGEST], USUAL))


DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
NEARLY_DIGESTS = st.text(alphabet="09afAF \nà٣", min_size=63, max_size=65)


@given(st.lists(st.one_of(DIGESTS, DIGESTS.map(str.upper), NEARLY_DIGESTS), max_size=4))
def test_the_quick_way_finds_what_the_careful_way_finds(texts: list[str]) -> None:
    """Reading many digests at once and reading one by one come to the same."""
    assert _sift_one_by_one(lambda text: READERS["email"](text, USUAL), texts, 10) == sift("email", texts, USUAL)
