from __future__ import annotations

import hashlib

import pytest
from sqlglot import select

from reconciler.membership.digests import digest
from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.identifiers import Column
from reconciler.membership.sql import text
from reconciler.model.identifiers import Form
from tests.membership.conftest import Fill
from tests.membership.judging import judged

ADDRESS = "john.doe@gmail.com"
DIGESTS: dict[Form, str] = {
    "md5": "e13743a7f1db7f4246badd6fd6ff54ff",
    "sha256": "375320dd9ae7ed408002f3768e16cb5f28c861062fd50dff9a3bff62e9dce4ef",
    "sha256_of_md5": "000e3171a5110c35c69d060112bd0ba55d9631c7c2ec93f1840e4570095b263a",
}
"""Criteo's own vector for hashed e-mail addresses (its page on hashed e-mails)."""


@pytest.mark.parametrize(("form", "expected"), DIGESTS.items())
def test_a_form_is_what_criteo_publishes(engine: DuckDB, form: Form, expected: str) -> None:
    """Each form of Criteo's published address has the published bytes."""
    assert engine.rows(select(digest(form, text(ADDRESS)))) == [(expected,)]


@pytest.mark.parametrize(("form", "good"), DIGESTS.items())
def test_a_column_of_digests_is_checked_and_never_hashed_again(
    engine: DuckDB, fill: Fill, form: Form, good: str
) -> None:
    """Trimmed and in lower case it is sent as it is; anything else has a reason."""
    wrong_length = DIGESTS["md5"] if len(good) == 64 else DIGESTS["sha256"]
    of_nothing = {"md5": hashlib.md5(b"").hexdigest(), "sha256": hashlib.sha256(b"").hexdigest()}  # noqa: S324
    of_nothing["sha256_of_md5"] = hashlib.sha256(of_nothing["md5"].encode()).hexdigest()
    told = {
        good: (good, None),
        good.upper(): (good, None),
        f" \t{good}\u00a0\r\n": (good, None),
        "": (None, "blank"),
        "\u3000": (None, "blank"),
        of_nothing[form]: (None, "blank"),
        wrong_length: (None, "not_a_hash"),
        good[:-1]: (None, "not_a_hash"),
        good[:-1] + "g": (None, "not_a_hash"),
        f"0x{good[2:]}": (None, "not_a_hash"),
        "unknown": (None, "not_a_hash"),
        "ann@example.com": (None, "plain"),
        "+33 6 12 34 56 78": (None, "plain"),
        "0612345678": (None, "plain"),
    }
    column = Column(number=0, raw="x hash", hashed=form, form=form, at_once=True)
    assert judged(engine, fill, [None, *told], column) == [(None, "blank"), *told.values()]


@pytest.mark.parametrize("form", DIGESTS)
def test_plain_addresses_beside_digests_are_hashed_at_once(engine: DuckDB, fill: Fill, form: Form) -> None:
    """So that both columns of a type can be compared."""
    column = Column(number=0, raw="x email", form=form, at_once=True)
    raws = [" John.Doe@Gmail.com", "john.doe@gmail.com\u200b", "john.doe"]
    assert judged(engine, fill, raws, column) == [(DIGESTS[form], None), (DIGESTS[form], None), (None, "no_at")]


def test_plain_telephone_numbers_beside_digests_are_hashed_at_once(engine: DuckDB, fill: Fill) -> None:
    """A number is hashed as its digits with the country code, without +."""
    column = Column(number=0, raw="x phone", type="phoneNumber", region="US", at_once=True)
    expected = hashlib.sha256(b"12025550143").hexdigest()
    assert judged(engine, fill, ["(202) 555-0143", "555"], column) == [(expected, None), (None, "too_short")]
