"""E-mail addresses: one spelling, one verdict. The one normaliser for whatever is not plain ASCII, on every engine.

With the reasons why an identifier of any type is not sent.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

VERSION = 1
"""Part of the ledger's key: another version gives other bytes, and hence other identifiers."""

LONGEST = 254
LONGEST_LOCAL = 64
_LABEL = re.compile(r"(?!-)[^\W_]([^\W_]|-){0,62}(?<!-)")
HASH = re.compile(r"(?:[0-9a-f]{32}){1,2}", re.ASCII | re.IGNORECASE)
"""What looks like a digest in hex, of MD5 or SHA-256."""


class Invalid(StrEnum):
    """Why an identifier is not sent: of an e-mail address the first that holds, in this order, up to `TOO_LONG`.

    `HASH` and `PLAIN` are columns that hold something else than was declared: they stop a run.
    """

    BLANK = "blank"
    HASH = "hash"
    NO_AT = "no_at"
    SEVERAL_AT = "several_at"
    SPACE = "space"
    LOCAL = "local"
    DOMAIN = "domain"
    TOO_LONG = "too_long"
    NOT_A_NUMBER = "not_a_number"
    TOO_SHORT = "too_short"
    NO_REGION = "no_region"
    INVALID = "invalid"
    PLAIN = "plain"
    NOT_A_HASH = "not_a_hash"


Verdict = tuple[str, None] | tuple[None, Invalid]
"""A normalised identifier, or why there is none."""


def normalise(raw: str) -> str:
    """NFKC, no format characters (Cf), no surrounding white space, lower case: Criteo wants trimmed lower case;
    dots and `+tags` stay, since none of its pages folds them.
    """
    return visible(raw).strip().lower()


def visible(raw: str) -> str:
    """NFKC without format characters (Cf), which nobody sees: full-width forms become plain ones."""
    if raw.isascii():
        return raw
    return "".join(c for c in unicodedata.normalize("NFKC", raw) if unicodedata.category(c) != "Cf")


def read_email(raw: str) -> Verdict:
    """The one spelling of an address, or why it is not sent."""
    email = normalise(raw)
    why = fault(email)
    return (None, why) if why else (email, None)


def fault(email: str) -> Invalid | None:
    """Why a normalised address is not valid; None when it is."""
    if not email:
        return Invalid.BLANK
    if HASH.fullmatch(email):
        return Invalid.HASH
    if email.count("@") != 1:
        return Invalid.SEVERAL_AT if "@" in email else Invalid.NO_AT
    if any(c.isspace() or unicodedata.category(c) == "Cc" for c in email):
        return Invalid.SPACE
    return _fault_of_parts(email)


def _fault_of_parts(email: str) -> Invalid | None:
    local, _, domain = email.partition("@")
    if not 1 <= len(local) <= LONGEST_LOCAL:
        return Invalid.LOCAL
    if not _is_domain(domain):
        return Invalid.DOMAIN
    return Invalid.TOO_LONG if len(email) > LONGEST else None


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    last = labels[-1]
    return len(labels) >= 2 and all(map(_LABEL.fullmatch, labels)) and len(last) >= 2 and not last.isdecimal()
