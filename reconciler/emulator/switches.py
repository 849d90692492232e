"""What Criteo's documents leave open, each decided by a switch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FailedItems = Literal["errors", "warnings", "bad_request"]
"""Where a bulk call reports the items that failed.

`errors` and `warnings`: in that array of a 200, as two of Criteo's documents contradict each other.
`bad_request`: in `errors`, and the whole answer is a 400 when no item succeeded.
"""

FAILED_ITEMS: tuple[FailedItems, ...] = ("errors", "warnings", "bad_request")


@dataclass(frozen=True, kw_only=True, slots=True)
class Switches:
    """The emulator's answers to the open points of Criteo's documentation.

    `other_versions`: an API version outside its support ends in 410, or is served as the current one.
    `algebra`: any tree is accepted, or the rules of Criteo's audience builder hold (three levels and
    three forbidden shapes).
    `too_many_identifiers`: the status of a contact-list call with more than 50,000 identifiers.
    `audiences_deleted`: the status of a deletion of audiences in which no item failed; a 204 has no body.
    `match_rate`: the share of a contact list's identifiers that Criteo recognises.
    """

    failed_items: FailedItems = "errors"
    other_versions: Literal["gone", "fall_forward"] = "gone"
    algebra: Literal["any", "builder_rules"] = "any"
    too_many_identifiers: Literal[400, 413] = 400
    audiences_deleted: Literal[200, 204] = 200
    match_rate: float = 0.64
