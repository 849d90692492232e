from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import select

from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.identifiers import Column
from reconciler.membership.normalise import Invalid, fault, normalise
from reconciler.membership.preparing import prepare
from reconciler.membership.sql import name, table
from tests.membership.brute import verdict
from tests.membership.conftest import Fill

PUBLISHED: list[dict[str, str]] = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
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
}
FAULTS = {
    Invalid.BLANK: ["", " ", "\t\u00a0", "\u200b", "\u200b \ufeff"],
    Invalid.NO_AT: ["ann.example.com", "-"],
    Invalid.SEVERAL_AT: ["ann@@example.com", "a@b@example.com", "@@", "a b@@c"],
    Invalid.SPACE: [
        "an n@example.com",
        "ann@exa mple.com",
        "an\tn@example.com",
        "an\u00a0n@example.com",
        "a\x00@example.com",
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
    ],
    Invalid.TOO_LONG: [f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 59}.co"],
}
quietly = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
REFUSED = [(raw, why) for why, raws in FAULTS.items() for raw in raws]


def judged(engine: DuckDB, fill: Fill, raws: list[str | None]) -> list[tuple[str | None, str | None]]:
    """What the engine makes of addresses: the one spelling where it is valid, and the reason where it is not."""
    fill("customers", {"n": "integer", "x email": "varchar"}, list(enumerate(raws)))
    for label in ("odd", "addressed"):
        engine._connection.execute(f"drop {'view' if label == 'addressed' else 'table'} if exists {label}")
    prepare(engine, (Column(number=0, raw="x email"),))
    rows = engine.rows(select(name("e0"), name("r0")).from_(table("addressed")).order_by(name("n")))
    return [(email, reason) for email, reason in rows]


@pytest.mark.parametrize("vector", PUBLISHED, ids=[each["input"].strip() for each in PUBLISHED])
def test_published_vectors_give_the_published_bytes(vector: dict[str, Any]) -> None:
    """An address hashes as others who send to advertisers hash it."""
    email = normalise(vector["input"])
    assert (email, fault(email)) == (vector["normalised"], None)
    assert hashlib.sha256(email.encode()).hexdigest() == vector["sha256"]


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
    expected = (
        [(None, "blank")] + [(None, str(why)) for _, why in REFUSED] + [(email, None) for _, email in OWN.values()]
    )
    assert judged(engine, fill, raws) == expected


_PLAIN = st.text(st.characters(min_codepoint=1, max_codepoint=127), max_size=12)
_ALIKE = st.from_regex(r"[ ]?[a-bA-B.+_ -]{0,4}@{0,2}([a-b0-9A-B-]{0,3}\.){0,3}[a-b0-9-]{0,4}[ ]?", fullmatch=True)
_ODD = st.text(st.sampled_from("ab@.- \u00e9\uff20\u200b\u00a0\u0130\u00df1\u0661\t\n\x00\u00b2"), max_size=12)


@quietly
@given(raws=st.lists(st.one_of(_PLAIN, _ALIKE, _ODD), min_size=20, max_size=60))
def test_sql_and_python_give_the_same_verdict_and_bytes(engine: DuckDB, fill: Fill, raws: list[str]) -> None:
    """Plain ASCII through SQL and everything else through Python equal the rule written a second time."""
    told = judged(engine, fill, list(raws))
    expected = [(None if why else spelled, why) for spelled, why in map(verdict, raws)]
    assert told == expected
