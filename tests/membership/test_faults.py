from __future__ import annotations

import re
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import select

from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.faults import EVERYWHERE, faults_of, has_fault, shape_of
from reconciler.membership.identifiers import Column
from reconciler.membership.sql import text

EMAIL = Column(number=0, raw="x email")
PHONE = Column(number=0, raw="x phone", type="phoneNumber")
HASH = Column(number=0, raw="x hash", hashed="sha256")
ADDRESSES = {
    "ann@example.com": [],
    "first.last+tag@sub.example.co.uk": [],
    "Ann@example.com": ["upper_case"],
    " ann@example.com": ["surrounding_space"],
    "ann@example.com\n": ["surrounding_space"],
    "ann@example.com\u00a0": ["surrounding_space", "no_break_space"],
    "an\u00a0n@example.com": ["no_break_space", "space_inside"],
    "ann\u200b@example.com": ["invisible"],
    "\ufeffann@example.com": ["invisible"],
    "ann\uff20example.com": ["full_width"],
    "'ann@example.com": ["quote"],
    '"ann@example.com"': ["quote"],
    "\u2018ann@example.com\u2019": ["quote"],
    "mailto:ann@example.com": ["scheme"],
    "Ann Other <ann@example.com>": ["display_name", "space_inside", "upper_case"],
    "ann@example.com,bob@example.com": ["several"],
    "ann@example.com; bob@example.com": ["several", "space_inside"],
    "ann.example.com": ["no_at"],
    "ann..other@example.com": ["dots_in_a_row"],
    "ann@example.com.": ["dot_at_the_end"],
    "ann@example,com": ["comma_for_dot"],
    "ann@example": ["no_dot"],
    "ann@gmial.com": ["misspelt_domain"],
    "ann@example.con": ["misspelt_domain"],
    "none": ["no_at", "placeholder"],
    "n/a": ["no_at", "placeholder"],
    "-": ["no_at", "placeholder"],
    "ab" * 32: ["hash", "no_at"],
}
TELEPHONES = {
    "+33 6 12 34 56 78": [],
    "0033612345678": [],
    "06 12 34 56 78": ["no_country_code"],
    "(202) 555-0143": ["no_country_code"],
    "'+33612345678": ["quote"],
    "tel:+33612345678": ["letters", "scheme"],
    "+33612345678\u202f": ["no_break_space", "surrounding_space"],
    "+33612345678 / +33687654321": ["several"],
    "0612345678;0687654321": ["no_country_code", "several"],
    "ann@example.com": ["address", "letters"],
    "33612345678.0": ["decimal", "no_country_code"],
    "3.36E+10": ["letters", "no_country_code", "scientific"],
    "00000000": ["one_digit"],
    "1-800-FLOWERS": ["letters", "no_country_code"],
    "unknown": ["letters", "placeholder"],
    "ab" * 32: ["hash", "letters"],
}
DIGESTS = {
    "ab" * 32: [],
    "AB" * 32: ["upper_case"],
    "0x" + "ab" * 31: ["prefix"],
    "ab" * 32 + " ": ["surrounding_space"],
    "ann@example.com": ["address"],
    "null": ["placeholder"],
}
KINDS = (EMAIL, PHONE, HASH)
CASES = [
    (column, value, faults)
    for column, cases in ((EMAIL, ADDRESSES), (PHONE, TELEPHONES), (HASH, DIGESTS))
    for value, faults in cases.items()
]
QUIETLY = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize(("column", "value", "faults"), CASES)
def test_faults_are_found_in_values_as_they_stand(
    engine: DuckDB, column: Column, value: str, faults: list[str]
) -> None:
    """A value has exactly the faults that somebody who looks at it would name."""
    patterns = faults_of(column)
    found = engine.rows(select(*(has_fault(text(value), pattern) for pattern in patterns.values())))[0]
    assert sorted(fault for fault, has in zip(patterns, found, strict=True) if has) == sorted(faults)


def test_every_fault_has_an_example() -> None:
    """No pattern goes untested; those that all columns share are tested on addresses."""
    found = {id(column): {fault for each, _, faults in CASES if each is column for fault in faults} for column in KINDS}
    assert set(faults_of(EMAIL)) == found[id(EMAIL)]
    for column in (PHONE, HASH):
        assert set(faults_of(column)) - set(EVERYWHERE) <= found[id(column)]


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("Ann.Other@example", "a+.a+@a+"),
        ("ann99@example..com", "a+9+@a+..a+"),
        ("jos\u00e9 garc\u00eda", "a+?+ a+?+a+"),
        ("06 12/34", "9+ 9+/9+"),
        ("a\tb", "a+?+a+"),
        ("x" * 500, "a+"),
        (".-" * 40, None),
    ],
)
def test_a_shape_says_what_a_value_looks_like(engine: DuckDB, value: str, shape: str | None) -> None:
    """Runs of letters, digits and others are masked; what is too long to be a shape has none."""
    assert engine.rows(select(shape_of(text(value)))) == [(shape,)]


@QUIETLY
@given(value=st.text(st.characters(min_codepoint=1, exclude_categories=["Cs"]), max_size=30))
def test_no_letter_and_no_digit_survives_in_a_shape(engine: DuckDB, value: str) -> None:
    """Whatever the value, only the marks and the punctuation of ASCII are left."""
    shape = engine.rows(select(shape_of(text(value))))[0][0] or ""
    left = re.sub(r"a\+|9\+|\?\+", "", shape)
    assert set(left) <= set(string.punctuation + " ")
