"""What Criteo's documents leave open, each decided by a switch.

A field is a switch: its type lists the positions, the sentence beside them says what it decides, and its
default is what Criteo most probably does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Self

from reconciler.emulator.access import Window
from reconciler.emulator.positions import Position, Range, SwitchError, find, read_assignments, switches_of

FailedItems = Literal["errors", "warnings", "bad_request"]
"""Where a bulk call reports the items that failed.

`errors` and `warnings`: in that array of a 200, as two of Criteo's documents contradict each other.
`bad_request`: in `errors`, and the whole answer is a 400 when no item succeeded.
"""

FAILED_ITEMS: tuple[FailedItems, ...] = ("errors", "warnings", "bad_request")


@dataclass(frozen=True, kw_only=True, slots=True)
class Switches:
    """The emulator's answers to the open points of Criteo's documentation."""

    failed_items: Annotated[
        FailedItems,
        "Where a bulk call reports the items that failed: in that array of a 200, or in the errors of a 400 when "
        "nothing succeeded.",
    ] = "errors"
    other_versions: Annotated[
        Literal["gone", "fall_forward"],
        "Whether an API version outside its support ends in 410 or is served as the current one.",
    ] = "gone"
    algebra: Annotated[
        Literal["any", "builder_rules"],
        "Whether any tree is accepted, or the rules of Criteo's audience builder hold: three levels, and three "
        "shapes that are blocked.",
    ] = "any"
    too_many_identifiers: Annotated[
        Literal[400, 413], "The status of a contact-list call with more than 50,000 identifiers."
    ] = 400
    audiences_deleted: Annotated[
        Literal[200, 204],
        "The status of a deletion of audiences in which no item failed; a 204 has no body.",
    ] = 200
    match_rate: Annotated[
        float,
        Range(lowest=0, highest=1, tried=(0.0, 1.0)),
        "The share of a contact list's identifiers that Criteo recognises.",
    ] = 0.64
    rate_window: Annotated[
        Window, "Whether the minute in which calls are counted is the clock's own, or the one before each call."
    ] = "fixed"
    rate_headers: Annotated[
        Literal["always", "on_429"], "Whether every answer tells what is left of the rate, or only a 429 does."
    ] = "always"
    rate_counts: Annotated[
        Literal["calls", "calls_and_tokens"], "Whether requests for a token count against the rate as calls do."
    ] = "calls"

    @classmethod
    def parse(cls, *texts: str) -> Self:
        """Read switches given as `name=value`, several in one text with commas between them.

        The last of one name counts. Raises `SwitchError` for a name or a position that is not there.
        """
        values: dict[str, Any] = {}
        for text in texts:
            values.update(read_assignments(cls, text))
        return cls(**values)

    def changed(self, values: Mapping[str, object]) -> Self:
        """Return these switches with others in their places; raises `SwitchError` as `parse` does."""
        read: dict[str, Any] = {name: find(type(self), name).read(str(value)) for name, value in values.items()}
        return replace(self, **read)

    def to_dict(self) -> dict[str, Position]:
        """Return the position of every switch."""
        return {name: getattr(self, name) for name in switches_of(type(self))}


__all__ = ["FAILED_ITEMS", "FailedItems", "SwitchError", "Switches", "switches_of"]
