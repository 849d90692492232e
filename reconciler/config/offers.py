"""Reads `offers`, and `offer` of an audience."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from reconciler.config.context import Context
from reconciler.config.nodes import Node
from reconciler.config.scalars import shown
from reconciler.config.values import read_date, read_duration, read_span
from reconciler.model.offers import CHANNELS, NONE, Channel, Ladder, Offer, Owned, Stage
from reconciler.model.time import format_duration

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_offers(nodes: Mapping[str, Node], context: Context) -> dict[str, Ladder]:
    """All ladders by key, in their order."""
    found = {}
    for key in sorted(nodes):
        node = nodes[key]
        stages = [_read_stage(each, context) for each in _items(node.get("stages")) if isinstance(each.value, dict)]
        _refuse_disorder(node, stages, context)
        found[key] = Ladder(key=key, place=node.key_place, stages=tuple(stages))
    return found


def _items(node: Node | None) -> Iterator[Node]:
    yield from node.value if node is not None and isinstance(node.value, list) else ()


def _read_stage(node: Node, context: Context) -> Stage:
    within, touch = _sound(node, "within", context), _sound(node, "touch", context)
    window = read_span(within, context) if within is not None else None
    owned = node.get("owned")
    entries = dict(owned.entries()) if owned is not None else {}
    return Stage(
        touch=int(touch.raw) if touch is not None else 0,
        place=node.place,
        discount=_discount(_sound(node, "discount", context)),
        within=window,
        owned=tuple(_read_owned(name, entries[name], context) for name in CHANNELS if name in entries),
    )


def _sound(node: Node, key: str, context: Context) -> Node | None:
    child = node.get(key)
    return None if child is None or context.problems.broken(child) else child


def _discount(node: Node | None) -> Fraction:
    """`none`, or a share as the schema allows it."""
    return NONE if node is None or node.raw == "none" else Fraction(node.raw.removesuffix("%")) / 100


def _read_owned(channel: Channel, node: Node, context: Context) -> Owned:
    if not isinstance(node.value, dict):
        return Owned(channel=channel, discount=_discount(None if context.problems.broken(node) else node))
    until = _sound(node, "until", context)
    last_day: dt.date | None = None
    minutes: int | None = None
    if until is not None and _DAY.fullmatch(until.raw):
        last_day = read_date(until, context.problems)
    elif until is not None:
        minutes = read_duration(until, context.problems)
    discount = _discount(_sound(node, "discount", context))
    return Owned(channel=channel, discount=discount, until=minutes, last_day=last_day)


def _refuse_disorder(node: Node, stages: list[Stage], context: Context) -> None:
    """Later stages have greater touches and older windows, and what is owned does not end before its stage begins."""
    items = list(_items(node.get("stages")))
    if context.problems.broken(node):
        return
    last = 0
    end: int | None = 0
    for item, stage in zip(items, stages, strict=True):
        if stage.touch <= last:
            context.problems.add(item.find(["touch"]), f"comes after touch {last}; stages stand in their order")
        last = stage.touch
        if stage.within is None:
            continue
        if end is None or stage.within.start < end:
            context.problems.add(item.find(["within"]), "begins before the stage above it has ended")
        end = stage.within.end
        _refuse_early_ends(item, stage, context)


def _refuse_early_ends(item: Node, stage: Stage, context: Context) -> None:
    start = stage.within.start if stage.within else 0
    for each in stage.owned:
        if each.until is not None and each.until <= start:
            message = f"ends when its stage begins or before it, at {format_duration(start)}"
            context.problems.add(item.find(["owned", each.channel, "until"]), message)


def read_offer(node: Node | None, ladders: Mapping[str, Ladder], context: Context) -> Offer | None:
    """What an audience offers; None where it does not say, or something is wrong with it."""
    if node is None or context.problems.broken(node):
        return None
    touch, meant = node.get("touch"), _meant(node, ladders, context)
    if touch is not None and meant is not None and not _has_stage(ladders[meant], int(touch.raw)):
        touches = ", ".join(str(each.touch) for each in ladders[meant].stages)
        context.problems.add(touch, f"`offers.{meant}` has no touch {touch.raw}; it has {touches}")
    return Offer(
        discount=_discount(node.get("discount")),
        place=node.place,
        ladder=meant,
        touch=int(touch.raw) if touch is not None else None,
    )


def _has_stage(ladder: Ladder, touch: int) -> bool:
    """A ladder that is not whole has any."""
    return not ladder.stages or ladder.stage(touch) is not None


def _meant(node: Node, ladders: Mapping[str, Ladder], context: Context) -> str | None:
    """The ladder that is named, or the only one where a touch is."""
    ladder, touch = node.get("ladder"), node.get("touch")
    if ladder is not None and ladder.raw not in ladders:
        hint = context.problems.nearest(ladder.raw, ladders)
        context.problems.add(ladder, f"there is no `{shown(ladder.raw)}` in `offers`{hint}")
        return None
    if ladder is not None:
        return ladder.raw
    if touch is not None and not ladders:
        context.problems.add(touch, "there are no `offers` whose touch this could be")
    elif touch is not None and len(ladders) > 1:
        names = " or ".join(f"`{key}`" for key in ladders)
        context.problems.add(touch, f"whose touch? Add `ladder:` with {names}")
    return next(iter(ladders)) if touch is not None and len(ladders) == 1 else None
