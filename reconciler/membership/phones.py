"""Telephone numbers: one spelling, one verdict, by the rules of libphonenumber."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    ValidationResult,
    is_possible_number_with_reason,
    is_valid_number,
    national_significant_number,
    parse,
)

from reconciler.membership.normalise import HASH, Invalid, Verdict, visible

LONGEST = 15
"""Digits of the longest number, country code included (E.164, and Criteo's page on telephone numbers)."""
_WRITTEN = re.compile(
    r"(?:tel:)?(?P<number>[+(\[~\s]*\d[\d\s()\[\]./~*\u2010-\u2015\u2212-]*)(?:(?:;ext=|ext\.?|extension|x|#)\s*\d{1,7})?",
    re.IGNORECASE,
)
_OF_SPREADSHEET = re.compile(r"\A(\+?\d+)\.0+\Z")
_PARSE_FAULTS: Mapping[int, Invalid] = MappingProxyType(
    {
        NumberParseException.INVALID_COUNTRY_CODE: Invalid.INVALID,
        NumberParseException.NOT_A_NUMBER: Invalid.NOT_A_NUMBER,
        NumberParseException.TOO_SHORT_AFTER_IDD: Invalid.TOO_SHORT,
        NumberParseException.TOO_SHORT_NSN: Invalid.TOO_SHORT,
        NumberParseException.TOO_LONG: Invalid.TOO_LONG,
    }
)
_LENGTH_FAULTS: Mapping[int, Invalid] = MappingProxyType(
    {
        ValidationResult.TOO_SHORT: Invalid.TOO_SHORT,
        ValidationResult.IS_POSSIBLE_LOCAL_ONLY: Invalid.TOO_SHORT,
        ValidationResult.TOO_LONG: Invalid.TOO_LONG,
    }
)


def read_phone(raw: str, region: str | None) -> Verdict:
    """The digits of a number with its country code and without `+`, or why it is not sent.

    `region` is where numbers without a country code belong to. An extension is left away, since it is of a switchboard;
    what a spreadsheet does to numbers (a leading quote, a `.0`) is undone; letters are never read as digits.
    """
    text = visible(raw).strip().lstrip("'\"`").rstrip("'\"`").strip()
    if not text:
        return None, Invalid.BLANK
    if HASH.fullmatch(text):
        return None, Invalid.HASH
    written = _WRITTEN.fullmatch(_OF_SPREADSHEET.sub(r"\1", text))
    if written is None:
        return None, Invalid.NOT_A_NUMBER
    return _verdict(written["number"], region)


def _verdict(number: str, region: str | None) -> Verdict:
    """`00` goes for `+` wherever the region does not say otherwise."""
    verdict = _read(number, region)
    if verdict[0] is None and number.startswith("00"):
        abroad = _read(f"+{number[2:]}", None)
        return abroad if abroad[0] is not None or region is None else verdict
    return verdict


def _read(number: str, region: str | None) -> Verdict:
    try:
        parsed = parse(number, region)
    except NumberParseException as error:
        if region is None and error.error_type == NumberParseException.INVALID_COUNTRY_CODE and "+" not in number:
            return None, Invalid.NO_REGION
        return None, _PARSE_FAULTS[error.error_type]
    if is_valid_number(parsed):
        return _sent(parsed)
    return None, _LENGTH_FAULTS.get(is_possible_number_with_reason(parsed), Invalid.INVALID)


def _sent(parsed: PhoneNumber) -> Verdict:
    digits = f"{parsed.country_code}{national_significant_number(parsed)}"
    return (digits, None) if len(digits) <= LONGEST else (None, Invalid.TOO_LONG)
