"""What makes an e-mail address valid and what is sent for it, step by step."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LABEL = re.compile(r"[a-z0-9-]{1,63}")


def tidy(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return text.strip().lower()


def is_valid_local(local: str) -> bool:
    if not 1 <= len(local) <= 64:
        return False
    return not any(character.isspace() or unicodedata.category(character) == "Cc" for character in local)


def is_valid_label(label: str) -> bool:
    return LABEL.fullmatch(label) is not None and not label.startswith("-") and not label.endswith("-")


def is_valid_domain(domain: str) -> bool:
    labels = domain.split(".")
    if len(labels) < 2 or not all(is_valid_label(label) for label in labels):
        return False
    return len(labels[-1]) >= 2 and not labels[-1].isdigit()


def is_valid(tidied: str) -> bool:
    if tidied.count("@") != 1 or len(tidied) > 254:
        return False
    local, domain = tidied.split("@")
    return is_valid_local(local) and is_valid_domain(domain)


def identifier(text: str) -> str | None:
    """The SHA-256 that stands for an address, or None where it is no address."""
    tidied = tidy(text)
    return hashlib.sha256(tidied.encode("utf-8")).hexdigest() if is_valid(tidied) else None
