"""E-mail addresses: one spelling, one verdict. The one normaliser for whatever is not plain ASCII, on every engine."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

VERSION = 1
"""Part of the ledger's key: another version gives other bytes, and hence other identifiers."""

LONGEST = 254
LONGEST_LOCAL = 64
_LABEL = re.compile(r"(?!-)[^\W_]([^\W_]|-){0,62}(?<!-)")


class Invalid(StrEnum):
    """Why an address is not sent: the first that holds, in this order."""

    BLANK = "blank"
    NO_AT = "no_at"
    SEVERAL_AT = "several_at"
    SPACE = "space"
    LOCAL = "local"
    DOMAIN = "domain"
    TOO_LONG = "too_long"


def normalise(raw: str) -> str:
    """NFKC, no format characters (Cf), no surrounding white space, lower case: Criteo wants trimmed lower case;
    dots and `+tags` stay, since none of its pages folds them.
    """
    text = "".join(c for c in unicodedata.normalize("NFKC", raw) if unicodedata.category(c) != "Cf")
    return text.strip().lower()


def fault(email: str) -> Invalid | None:
    """Why a normalised address is not valid; None when it is."""
    if not email:
        return Invalid.BLANK
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
