from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.membership import spellings
from reconciler.membership.duckdb_engine import DuckDB
from reconciler.membership.identifiers import Column
from reconciler.membership.normalise import Invalid
from reconciler.membership.phones import read_phone
from reconciler.membership.values import Kind, Stored
from tests.membership.conftest import Fill
from tests.membership.judging import judged

# The numbers are those that libphonenumber gives as examples, or that authorities keep for films.
SPELLED = {
    "national": ("06 12 34 56 78", "FR", "33612345678"),
    "national, no spaces": ("0612345678", "FR", "33612345678"),
    "international": ("+33 6 12 34 56 78", "FR", "33612345678"),
    "international, no region": ("+33612345678", None, "33612345678"),
    "of another country than the region": ("+44 7400 123456", "FR", "447400123456"),
    "00 for +": ("0033612345678", "FR", "33612345678"),
    "00 for + without region": ("0033612345678", None, "33612345678"),
    "00 for + where it is not dialled": ("0033612345678", "US", "33612345678"),
    "what is dialled for + there": ("01133612345678", "US", "33612345678"),
    "country code without +": ("33612345678", "FR", "33612345678"),
    "brackets": ("(202) 555-0143", "US", "12025550143"),
    "trunk zero in brackets": ("+44 (0)7400 123456", None, "447400123456"),
    "+ in brackets": ("(+33) 612345678", None, "33612345678"),
    "space after +": ("+ 33 612345678", None, "33612345678"),
    "dots": ("06.12.34.56.78", "FR", "33612345678"),
    "dots before a zero": ("+1.202.555.0143", None, "12025550143"),
    "slash": ("030/23125 000", "DE", "493023125000"),
    "leading zero that stays": ("+39 06 1234 5678", None, "390612345678"),
    "white space around": ("\t 0612345678\r\n", "FR", "33612345678"),
    "no-break spaces": ("06\u00a012\u202f34\u00a056\u202f78", "FR", "33612345678"),
    "typographic hyphens": ("06\u201112\u201334\u221256\u201478", "FR", "33612345678"),
    "invisible characters": ("\u202a+33612345678\u202c", None, "33612345678"),
    "byte order mark": ("\ufeff0612345678", "FR", "33612345678"),
    "full-width digits": (
        "\uff0b\uff13\uff13\uff16\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
        None,
        "33612345678",
    ),
    "Arabic digits": ("\u0660\u0666\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668", "FR", "33612345678"),
    "scheme": ("tel:+33-6-12-34-56-78", None, "33612345678"),
    "spreadsheet's quote": ("'0612345678", "FR", "33612345678"),
    "spreadsheet's decimal": ("33612345678.0", "FR", "33612345678"),
    "extension left away": ("+44 20 7946 0958 ext. 12", None, "442079460958"),
    "extension by x": ("020 7946 0958 x12", "GB", "442079460958"),
}
FAULTS: dict[Invalid, list[tuple[str, str | None]]] = {
    Invalid.BLANK: [("", "FR"), ("  ", "FR"), ("\u00a0\u200b", "FR"), ("'", "FR")],
    Invalid.HASH: [("ab" * 32, "FR"), ("AB" * 16, None), ("12" * 16, None)],
    Invalid.NOT_A_NUMBER: [
        ("none", "FR"),
        ("-", "FR"),
        ("+", "FR"),
        ("1-800-FLOWERS", "US"),
        ("call 0612345678", "FR"),
        ("0612345678 (home)", "FR"),
        ("0612345678, 0687654321", "FR"),
        ("0612345678;0687654321", "FR"),
        ("ann@example.com", "FR"),
        ("3.3612345678E+10", "FR"),
        ("06123 O4567", "FR"),
    ],
    Invalid.TOO_SHORT: [("12", "FR"), ("112", "FR"), ("0612345", "FR"), ("+336123", None), ("555-0143", "US")],
    Invalid.TOO_LONG: [
        ("06123456785", "FR"),
        ("+336123456785678", None),
        ("0612345678 / 0687654321", "FR"),
        ("1" * 31, "FR"),
    ],
    Invalid.NO_REGION: [("0612345678", None), ("612345678", None)],
    Invalid.INVALID: [("+999 612345678", None), ("+0612345678", "FR"), ("0000000000", "FR"), ("1111111111", "US")],
}
REFUSED = [(*asked, why) for why, all_of_them in FAULTS.items() for asked in all_of_them]


def phones(region: str | None, stored: Kind = Kind.TEXT) -> Column:
    """A column of telephone numbers."""
    return Column(number=0, raw="x phone", type="phoneNumber", region=region, stored=Stored(stored))


@pytest.mark.parametrize(("raw", "region", "digits"), SPELLED.values(), ids=SPELLED.keys())
def test_a_number_has_one_spelling(raw: str, region: str | None, digits: str) -> None:
    """However it is written, a number becomes its digits with the country code and without +."""
    assert read_phone(raw, region) == (digits, None)


@pytest.mark.parametrize(("raw", "region", "why"), REFUSED)
def test_what_is_no_number_has_a_reason(raw: str, region: str | None, why: Invalid) -> None:
    """Each fault has its reason."""
    assert read_phone(raw, region) == (None, why)


_TYPED = st.text(st.sampled_from("0123456789+ ()-./x#;'\u00a0\u200b\uff10\u0660aE@*~[]"), max_size=24)


@settings(max_examples=500, deadline=None)
@given(raw=st.one_of(_TYPED, st.text(max_size=20)), region=st.sampled_from(["FR", "US", "BR", "IT", None]))
def test_whatever_is_typed_has_a_verdict(raw: str, region: str | None) -> None:
    """Either digits, at most 15, which are the same number again with + before them, or a reason."""
    digits, why = read_phone(raw, region)
    assert (digits is None) is isinstance(why, Invalid)
    if digits is not None:
        assert digits.isascii()
        assert digits.isdecimal()
        assert len(digits) <= 15
        assert read_phone(f"+{digits}", None) == (digits, None)


@pytest.mark.parametrize("region", ["FR", "US", None])
def test_the_engine_gives_what_python_gives(engine: DuckDB, fill: Fill, region: str | None) -> None:
    """Through the engine every value has the same spelling and the same reason, NULL counting as blank."""
    raws = [raw for raw, *_ in (*SPELLED.values(), *REFUSED)]
    expected = [(None, "blank"), *(read_phone(raw, region) for raw in raws)]
    assert judged(engine, fill, [None, *raws], phones(region)) == expected


@pytest.mark.parametrize(("kind", "stored"), [("double", Kind.FLOAT), ("bigint", Kind.EXACT)])
def test_numbers_of_a_numeric_column_are_read_as_written(engine: DuckDB, fill: Fill, kind: str, stored: Kind) -> None:
    """A feed with gaps makes floats of telephone numbers; they are read all the same."""
    told = judged(engine, fill, ["33612345678", None], phones("FR", stored), kind)
    assert told == [("33612345678", None), (None, "blank")]


def test_each_spelling_is_read_once_a_run(engine: DuckDB, fill: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telephone numbers cost Python's time, so that a second column and a repeated value cost nothing more."""
    read: list[str] = []

    def reading(raw: str, region: str | None) -> tuple[str, None]:
        read.append(raw)
        return raw, None

    monkeypatch.setattr(spellings, "read_phone", reading)
    columns = phones("BE"), Column(number=0, raw="x mobile", type="phoneNumber", region="BE")
    for column in columns:
        judged(engine, fill, ["1", "2", "1", None], column)
    assert sorted(read) == ["1", "2"]
