"""What stands beside `event` → how events are counted, picked or added up; and the figures of a ratio."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

from reconciler.config.comparisons import read_comparisons, read_test, refuse_long_numbers
from reconciler.config.context import Context
from reconciler.config.nodes import Node
from reconciler.config.scalars import shown
from reconciler.config.values import read_span
from reconciler.model.conditions import Event, Follow, How, Measure, Occurs, Pick, Ratio, Test, Times, Total
from reconciler.model.mentions import MentionedValue
from reconciler.model.time import EVER, Window

_NOTHING = Node("", 1, 1, value={})


def read_kinds(node: Node, context: Context) -> tuple[str, ...]:
    """Kinds of events, sorted. Where no source names its kinds in a column, one that none has is a slip."""
    if not context.outline.sources:
        message = "there are no events: `source` of reconciler.yaml has no `events`"
        context.problems.add(node, message, at_key=True)
    known = context.outline.kinds
    for item in node.items() if known is not None else ():
        if known is not None and item.raw not in known:
            hint = context.problems.nearest(item.raw, known)
            context.problems.add(item, f"no source has events `{shown(item.raw)}`{hint}")
    context.kinds.extend((item.raw, item.place) for item in node.items())
    return tuple(sorted({item.raw for item in node.items()}))


def read_where(node: Node, context: Context) -> tuple[Test, ...]:
    """What `where` asks of the columns of events, sorted by column."""
    tests = []
    for column, child in sorted((node.get("where") or _NOTHING).entries(), key=lambda entry: entry[0]):
        context.name_column("events", column, child, at_key=True)
        tests.append(read_test("events", column, child, context))
    return tuple(tests)


def read_measure(node: Node, context: Context) -> Measure:
    """What is asked of such events beside that there is one."""
    if (times := node.get("times")) is not None:
        same = times.get("same")
        return Times(read_comparisons(times, context), _column(same, context) if same is not None else None)
    if (total := node.get("total")) is not None:
        return _total(total, context)
    if "latest" in node or "first" in node:
        after, follow = node.get("not_followed_by"), node.get("followed_by")
        return Pick(
            not_followed_by=read_kinds(after, context) if after is not None else (),
            followed_by=_follow(follow, context) if follow is not None else None,
            which="first" if "first" in node else "latest",
        )
    return Occurs()


def read_ratio(node: Node, context: Context) -> Ratio:
    """The quotient of two figures, compared."""
    refuse_long_numbers(node, context.problems)
    of, to = (_figure(node.find([part]), context) for part in ("of", "to"))
    return Ratio(of, to, read_comparisons(node, context))


def _figure(node: Node, context: Context) -> Event:
    within, total = node.get("within"), node.get("total")
    return Event(
        kinds=read_kinds(node.find(["event"]), context),
        where=read_where(node, context),
        within=_window(within, context),
        measure=_total(total, context) if total is not None else Times(()),
    )


def _total(node: Node, context: Context) -> Total:
    how = node.get("measure")
    measure: How = next((each for each in get_args(How) if how is not None and how.raw == each), "sum")
    if measure == "average":
        refuse_long_numbers(node, context.problems)
    of = node.find(["of"])
    if measure != "distinct":
        number = MentionedValue(owner="events", column=of.raw, operator="at_least", value=Decimal(0), place=of.place)
        context.values.append(number)
    return Total(_column(of, context), read_comparisons(node, context), measure)


def _follow(node: Node, context: Context) -> Follow:
    return Follow(read_kinds(node.find(["event"]), context), _window(node.get("within"), context))


def _window(node: Node | None, context: Context) -> Window:
    return (read_span(node, context) if node is not None else None) or EVER


def _column(node: Node, context: Context) -> str:
    context.name_column("events", node.raw, node)
    return node.raw
