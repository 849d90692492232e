"""The mark: how everything we make at Criteo says whose it is, at the end of its description."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reconciler.model.address import Address

_MARK = re.compile(r"\s*\[reconciler (?P<workspace>[^\s\]]+) (?P<address>[^\s\]]+)\]\s*\Z")


@dataclass(frozen=True, slots=True)
class Mark:
    """The workspace that made a resource, and the address it made it for."""

    workspace: str
    address: Address

    def __str__(self) -> str:
        return f"[reconciler {self.workspace} {self.address}]"


def with_mark(description: str | None, mark: Mark) -> str:
    """The description as it is sent to Criteo."""
    return f"{description} {mark}" if description else str(mark)


def split_mark(description: str | None) -> tuple[str | None, Mark | None]:
    """A description as Criteo tells it → the words without the mark, and the mark if there is one."""
    match = _MARK.search(description or "")
    if match is None:
        return description, None
    words = (description or "")[: match.start()]
    return words or None, Mark(match["workspace"], Address(match["address"]))
