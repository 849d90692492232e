from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.identifiers import Column
from reconciler.membership.keys import TYPES
from reconciler.membership.normalise import Invalid, Verdict, fault, normalise, read_email
from reconciler.membership.phones import read_phone
from tests.membership.brute import verdict
from tests.membership.conftest import Fill
from tests.membership.judging import judged

Vector = dict[str, str]


def _stored(name: str) -> list[Vector]:
    found: list[Vector] = json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return found


PUBLISHED = _stored("vectors.json")
"""What others who send to advertisers publish of an identifier, and we send as well."""
DIFFERENCES = _stored("differences.json")
"""What they publish and we mean otherwise: `normalised` or `reason` is ours, `why` says why."""
UNICODE = _stored("unicode.json")
"""Our own, beyond ASCII."""
DIGESTS: dict[str, Callable[[bytes], str]] = {
    "sha256": lambda value: hashlib.sha256(value).hexdigest(),
    "md5": lambda value: hashlib.md5(value).hexdigest(),  # noqa: S324
    "sha256_of_md5": lambda value: hashlib.sha256(hashlib.md5(value).hexdigest().encode()).hexdigest(),  # noqa: S324
}
OWN = {
    "full-width @": ("ann\uff20example.com", "ann@example.com"),
    "full-width letters": ("\uff21\uff4e\uff4e@example.com", "ann@example.com"),
    "ligature": ("\ufb01ne@example.com", "fine@example.com"),
    "composed and not": ("jose\u0301@example.com", "jos\u00e9@example.com"),
    "zero width space": ("an\u200bn@example.com", "ann@example.com"),
    "byte order mark": ("\ufeffann@example.com", "ann@example.com"),
    "soft hyphen": ("an\u00adn@example.com", "ann@example.com"),
    "right-to-left mark": ("\u200fann@example.com\u200e", "ann@example.com"),
    "NBSP around": ("\u00a0ann@example.com\u00a0", "ann@example.com"),
    "ideographic space around": ("\u3000ann@example.com\u3000", "ann@example.com"),
    "format character inside the space around": (" \u200b ann@example.com \u2060\t", "ann@example.com"),
    "line end": ("ann@example.com\r\n", "ann@example.com"),
    "capitals beyond ASCII": ("\u00c9T\u00c9@example.com", "\u00e9t\u00e9@example.com"),
    "sharp s": ("stra\u00dfe@example.com", "stra\u00dfe@example.com"),
    "one-letter local part": ("a@example.com", "a@example.com"),
    "64 characters before the @": ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    "label of 63": (f"a@{'b' * 63}.com", f"a@{'b' * 63}.com"),
    "254 in all": (
        f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 58}.co",
        f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 58}.co",
    ),
    "two hyphens": ("a@x--y.example.com", "a@x--y.example.com"),
    "digits in the last label": ("a@example.c0", "a@example.c0"),
    "dots and tags stay": ("First.Last+Tag@Example.com", "first.last+tag@example.com"),
    "tabs and line ends around": ("\t\r\n USER_NAME@Example.co.uk\x0b\x0c\r\n", "user_name@example.co.uk"),
    "digits alone": ("123@456.example.com", "123@456.example.com"),
    "all that an address may have": ("a!#$%&'*+/=?^_`{|}~-.z@example.com", "a!#$%&'*+/=?^_`{|}~-.z@example.com"),
    "apostrophe": ("O'Brien@Example.com", "o'brien@example.com"),
    "dots at the ends and in a row": (".ann..b.@example.com", ".ann..b.@example.com"),
    "many labels": ("a@b.c.d.e.f.example.museum", "a@b.c.d.e.f.example.museum"),
    # Nobody can tell these from addresses; `reconciler audit` points at them.
    "a scheme": ("mailto:ann@example.com", "mailto:ann@example.com"),
    "a spreadsheet's quote": ("'ann@example.com", "'ann@example.com"),
}
FAULTS = {
    Invalid.BLANK: ["", " ", "\t\u00a0", "\u200b", "\u200b \ufeff"],
    Invalid.NO_AT: ["ann.example.com", "-"],
    Invalid.SEVERAL_AT: [
        "ann@@example.com",
        "a@b@example.com",
        "@@",
        "a b@@c",
        "a@x.com, b@y.com",
        "a@x.com;b@y.com",
        "a@x.com b@y.com",
    ],
    Invalid.HASH: ["ab" * 32, "AB" * 16, " " + "0" * 64 + "\t"],
    Invalid.SPACE: [
        "an n@example.com",
        "ann@exa mple.com",
        "an\tn@example.com",
        "an\u00a0n@example.com",
        "a\x00@example.com",
        "Ann <ann@example.com>",
    ],
    Invalid.LOCAL: ["@example.com", "a" * 65 + "@example.com", "@"],
    Invalid.DOMAIN: [
        "a@example",
        "a@",
        "a@.com",
        "a@example.",
        "a@example..com",
        "a@-example.com",
        "a@example-.com",
        "a@example.c",
        "a@example.12",
        "a@exa_mple.com",
        f"a@{'b' * 64}.com",
        f"a@example.{'b' * 64}",
        "a@[127.0.0.1]",
        "<ann@example.com>",
        "'ann@example.com'",
        "ann@example,com",
        "ann@example.com.",
        "ann@example.com,",
    ],
    Invalid.TOO_LONG: [f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 59}.co"],
}
quietly = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
EMAIL = Column(number=0, raw="x email")
REFUSED = [(raw, why) for why, raws in FAULTS.items() for raw in raws]


def read(vector: Vector) -> Verdict:
    """What Python makes of a vector."""
    if vector.get("type") == "phoneNumber":
        return read_phone(vector["input"], vector["region"])
    return read_email(vector["input"])


def plain(vectors: list[Vector]) -> list[Any]:
    """Vectors as parameters with readable names."""
    return [pytest.param(each, id=f"{number} {each['input'].strip()}") for number, each in enumerate(vectors)]


@pytest.mark.parametrize("vector", plain(PUBLISHED))
def test_published_vectors_give_the_published_bytes(vector: Vector) -> None:
    """An identifier is hashed as others who send to advertisers hash it."""
    spelled, reason = read(vector)
    assert (spelled, reason) == (vector["normalised"], None)
    assert DIGESTS[vector["form"]]((spelled or "").encode()) == vector["digest"]


@pytest.mark.parametrize("vector", plain([each for each in DIFFERENCES if each["type"] in TYPES]))
def test_where_we_differ_from_what_is_published_is_written_down(vector: Vector) -> None:
    """Each difference is as it is listed, has a reason, and is one: theirs is not what we send."""
    spelled, reason = read(vector)
    assert (spelled, reason) == (vector.get("normalised"), vector.get("reason"))
    assert vector["why"].endswith(".")
    assert spelled is None or vector.get("digest") != DIGESTS["sha256"](spelled.encode())


def test_published_vectors_of_other_types_are_of_types_that_we_do_not_send() -> None:
    """Mobile advertising ids alone."""
    assert {each["type"] for each in DIFFERENCES if each["type"] not in TYPES} == {"madid"}


@pytest.mark.parametrize("vector", [pytest.param(each, id=each["claim"]) for each in UNICODE])
def test_beyond_ascii_each_trap_has_a_spelling_or_a_reason(vector: Vector) -> None:
    """Compatibility forms, composition, case, scripts, invisible characters and white space."""
    assert read_email(vector["input"]) == (vector.get("normalised"), vector.get("reason"))


def test_there_are_many_traps_beyond_ascii() -> None:
    """At least sixty, each beyond ASCII or spelling out to more than it shows, and no two alike."""
    assert len({each["input"] for each in UNICODE if not each["input"].isascii()}) >= 60
    assert len({each["claim"] for each in UNICODE}) == len(UNICODE)


@pytest.mark.parametrize(("raw", "spelled"), OWN.values(), ids=OWN.keys())
def test_an_address_has_one_spelling(raw: str, spelled: str) -> None:
    """Compatibility forms, invisible characters, white space around and case make no difference."""
    assert (normalise(raw), fault(normalise(raw))) == (spelled, None)


@pytest.mark.parametrize(("raw", "why"), REFUSED)
def test_the_first_fault_is_the_reason(raw: str, why: Invalid) -> None:
    """Each fault has its reason, and of several the first counts."""
    assert fault(normalise(raw)) is why


def test_normalising_twice_changes_nothing() -> None:
    """The one spelling is its own spelling."""
    for raw, _ in OWN.values():
        assert normalise(normalise(raw)) == normalise(raw)


def test_the_engine_agrees_on_every_vector(engine: DuckDB, fill: Fill) -> None:
    """Both ways to normalise give the same spelling and the same reason, NULL included."""
    raws: list[str | None] = [None, *(raw for raw, _ in REFUSED), *(raw for raw, _ in OWN.values())]
    expected: list[tuple[str | None, str | None]] = [(None, "blank")]
    expected += [(None, str(why)) for _, why in REFUSED] + [(email, None) for _, email in OWN.values()]
    listed = [*UNICODE, *(each for each in (*PUBLISHED, *DIFFERENCES) if each["type"] == "email")]
    raws += [each["input"] for each in listed]
    expected += [(each.get("normalised"), each.get("reason")) for each in listed]
    assert judged(engine, fill, raws, EMAIL) == expected


_PLAIN = st.text(st.characters(min_codepoint=1, max_codepoint=127), max_size=12)
_ALIKE = st.from_regex(r"[ ]?[a-bA-B.+_ -]{0,4}@{0,2}([a-b0-9A-B-]{0,3}\.){0,3}[a-b0-9-]{0,4}[ ]?", fullmatch=True)
_ODD = st.text(st.sampled_from("ab@.- \u00e9\uff20\u200b\u00a0\u0130\u00df1\u0661\t\n\x00\u00b2"), max_size=12)


@quietly
@given(raws=st.lists(st.one_of(_PLAIN, _ALIKE, _ODD), min_size=20, max_size=60))
def test_sql_and_python_give_the_same_verdict_and_bytes(engine: DuckDB, fill: Fill, raws: list[str]) -> None:
    """Plain ASCII through SQL and everything else through Python equal the rule written a second time."""
    told = judged(engine, fill, raws, EMAIL)
    expected = [(None if why else spelled, why) for spelled, why in map(verdict, raws)]
    assert told == expected
