"""Whether a change of one of Criteo's own kinds leaves fewer people in it, or more, as far as that can be told."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from reconciler.model.kinds import MAX, MIN, Kind, Value, attribute_of

_WITHIN = {
    ("visitorsType", "Buyers"): "All",
    ("visitorsType", "NonBuyers"): "All",
    ("usersType", "Prospects"): "ProspectsOrNonBuyers",
}
"""Words whose people are among those of another word."""


_NONE: tuple[Value, ...] = (None, ())


class Reach(StrEnum):
    """What a change does to who is in a segment; UNTOLD may do either."""

    SAME = "same"
    NARROWER = "narrower"
    WIDER = "wider"
    UNTOLD = "untold"


def reach(old: Kind | None, new: Kind) -> Reach:
    """What becomes of a segment whose kind is changed from what it is now; attributes that `new` leaves out stay."""
    if old is None or old.name != new.name:
        return Reach.UNTOLD
    before = old.values
    return _together(_one(new, name, before.get(name), value) for name, value in new.attributes)


def _together(parts: Iterable[Reach]) -> Reach:
    moved = set(parts) - {Reach.SAME}
    if len(moved) > 1:
        return Reach.UNTOLD
    return moved.pop() if moved else Reach.SAME


def _one(kind: Kind, name: str, before: Value, after: Value) -> Reach:
    if before == after or (before in _NONE and after in _NONE):
        return Reach.SAME
    if _is_narrower(kind, name, before, after):
        return Reach.NARROWER
    return Reach.WIDER if _is_narrower(kind, name, after, before) else Reach.UNTOLD


def _is_narrower(kind: Kind, name: str, wide: Value, narrow: Value) -> bool:
    """Whether everybody whom the second value lets in is let in by the first."""
    form = attribute_of(kind.name, name).form
    if form == "number":
        return _is_less(name, wide, narrow)
    if form == "points":
        return set(_items(narrow)) < set(_items(wide))
    if form == "set":  # none filters nothing
        return bool(narrow) and (not wide or set(_items(narrow)) < set(_items(wide)))
    return wide is None or _WITHIN.get((name, str(narrow))) == wide


def _items(value: Value) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _is_less(name: str, wide: Value, narrow: Value) -> bool:
    if name == MIN:
        return _number(narrow, 0) > _number(wide, 0)
    if name == MAX:
        return narrow is not None and (wide is None or _number(narrow, 0) < _number(wide, 0))
    return isinstance(wide, int) and isinstance(narrow, int) and narrow < wide


def _number(value: Value, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise
