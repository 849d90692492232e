"""Identifiers in their one spelling, what is wrong with them, and what is sent: written from the language alone."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import phonenumbers

from reconciler.model.identifiers import Form, IdentifierType
from reconciler.model.settings import IdentifierColumn

Found = tuple[IdentifierType, str]
"""An identifier as it is sent, with its type."""

_DIGITS: Mapping[Form, int] = {"sha256": 64, "md5": 32, "sha256_of_md5": 64}


def verdict(raw: str | None) -> tuple[str, str | None]:
    """An address in its one spelling, and why it is not valid (None when it is)."""
    spelled = unicodedata.normalize("NFKC", raw or "")
    spelled = "".join(letter for letter in spelled if unicodedata.category(letter) != "Cf")
    spelled = spelled.strip().lower()
    return spelled, _wrong(spelled)


def _wrong(spelled: str) -> str | None:
    local, _, domain = spelled.partition("@")
    labels = domain.split(".")
    checks = (
        ("blank", spelled == ""),
        ("no_at", spelled.count("@") == 0),
        ("several_at", spelled.count("@") > 1),
        ("space", any(letter.isspace() or unicodedata.category(letter) == "Cc" for letter in spelled)),
        ("local", not 1 <= len(local) <= 64),
        ("domain", len(labels) < 2 or not all(map(_label, labels)) or len(labels[-1]) < 2 or labels[-1].isdigit()),
        ("too_long", len(spelled) > 254),
    )
    return next((reason for reason, holds in checks if holds), None)


def _label(label: str) -> bool:
    known = all(letter.isalnum() or letter == "-" for letter in label)
    return known and 1 <= len(label) <= 63 and "-" not in (label[0], label[-1])


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


FORMS: Mapping[Form, Callable[[str], str]] = {
    "sha256": _sha256,
    "md5": _md5,
    "sha256_of_md5": lambda text: _sha256(_md5(text)),
}


def identifier(raw: str | None, form: Form = "sha256") -> str | None:
    """What is sent for an address; None when it is not valid."""
    spelled, reason = verdict(raw)
    return None if reason else FORMS[form](spelled)


@cache
def telephone(raw: str, region: str | None) -> str | None:
    """The digits of E.164; None when the number is not valid. What begins with 00 may stand for a +."""
    abroad = re.sub(r"\A\s*00", "+", raw)
    return _telephone(raw, region) or (_telephone(abroad, None) if abroad != raw else None)


def _telephone(raw: str, region: str | None) -> str | None:
    """By `phonenumbers`, the field's own reference."""
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


@dataclass(frozen=True)
class Read:
    """What one value of an identifier column comes to: `found` None when it is blank or not valid."""

    found: Found | None
    blank: bool


def read(raw: Any, column: IdentifierColumn, form: Form) -> Read:
    """One value of a column."""
    if raw is None or not verdict(raw)[0]:
        return Read(None, blank=True)
    found = _hashed(raw, column.hashed) if column.hashed else _plain(raw, column, form)
    return Read((column.type, found) if found else None, blank=False)


def _plain(raw: str, column: IdentifierColumn, form: Form) -> str | None:
    if column.type == "email":
        return identifier(raw, form)
    number = telephone(raw, column.region)
    return _sha256(number) if number else None


def _hashed(raw: str, form: Form) -> str | None:
    digest = raw.strip().lower()
    return digest if re.fullmatch(f"[0-9a-f]{{{_DIGITS[form]}}}", digest) else None


def reads(value: Any, column: IdentifierColumn, form: Form) -> Iterator[Read]:
    """All of a value, of a list each element."""
    for each in value if isinstance(value, list | tuple) else (value,):
        yield read(each, column, form)
