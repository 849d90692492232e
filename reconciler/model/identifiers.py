"""Identifiers on their way to Criteo, hidden at the type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BATCH = 50_000
"""The most identifiers that one contact-list call may carry (Criteo's guide to audience segments)."""

Direction = Literal["add", "remove"]
IdentifierType = Literal["email", "phoneNumber"]
"""What Criteo matches on, of its own list: those that we hash before anything is sent."""
Form = Literal["sha256", "md5", "sha256_of_md5"]
"""How an identifier is sent: a digest in lower-case hex of its normalised text in UTF-8."""


@dataclass(frozen=True, slots=True, repr=False)
class Identifiers:
    """One batch of identifiers of one type, as the bytes of their digests; `repr` tells their number alone."""

    digests: tuple[bytes, ...]
    type: IdentifierType = "email"

    def __repr__(self) -> str:
        return f"<{len(self.digests)} identifiers>"

    def __len__(self) -> int:
        return len(self.digests)
