"""Text of the YAML → windows, durations, dates and shares, once a field asks for one."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from reconciler.config.context import Context
from reconciler.config.nodes import Node
from reconciler.config.problems import Problems
from reconciler.config.scalars import shown
from reconciler.model.conditions import SLICE, SliceMark
from reconciler.model.time import Period, Window, parse_duration, parse_window

MAX_MINUTES = 100 * 366 * 1440
"""A century: a longer age is a slip of the keyboard."""

_DURATION = "a number and `m` (minutes), `h`, `d` or `w`, such as 4h"


def read_duration(node: Node, problems: Problems) -> int | None:
    """Minutes, or None with a problem."""
    try:
        minutes = parse_duration(node.raw)
    except ValueError:
        problems.add(node, f"`{shown(node.raw)}` is no duration: write {_DURATION}")
        return None
    if minutes > MAX_MINUTES:
        problems.add(node, "is longer than a century")
        return None
    return minutes


def read_window(node: Node, problems: Problems) -> Window | None:
    """A window written out, or None with a problem."""
    start, dots, end = node.raw.partition("..")
    bounds = [start, end] if dots and end else [start]
    try:
        minutes = [parse_duration(bound) for bound in bounds]
    except ValueError:
        problems.add(node, f"`{shown(node.raw)}` is no window: write `4h..24h`, `120d..`, or `7d` for `0h..7d`")
        return None
    if max(minutes) > MAX_MINUTES:
        problems.add(node, "is longer than a century")
        return None
    try:
        return parse_window(node.raw)
    except ValueError:
        problems.add(node, f"`{shown(node.raw)}` ends where it starts or before it, so it holds nothing")
        return None


def read_within(node: Node, context: Context) -> Window | SliceMark | None:
    """What `within` says: a window by name or written out, or the slice at hand; None with a problem."""
    return SLICE if node.raw == SLICE.value else read_span(node, context)


def read_span(node: Node, context: Context) -> Window | None:
    """A window by name or written out; None with a problem."""
    if node.raw == SLICE.value:
        context.problems.add(node, "`slice` is the window of the condition that `slices` cuts; name a window here")
        return None
    if node.raw in context.windows:
        return context.windows[node.raw]
    if node.raw[:1].isdigit() or ".." in node.raw:
        return read_window(node, context.problems)
    hint = context.problems.nearest(node.raw, context.windows)
    context.problems.add(node, f"there is no window `{shown(node.raw)}`{hint}")
    return None


def read_percentage(node: Node, problems: Problems) -> Fraction:
    """`30%` as an exact fraction."""
    share = Fraction(node.raw.removesuffix("%")) / 100
    if share > 1:
        problems.add(node, "is more than 100%")
    return share


def read_period(node: Node, problems: Problems) -> Period | None:
    """`{from, to}` with at least one of them, in this order."""
    first, last = (read_date(node.get(name), problems) for name in ("from", "to"))
    if first and last and last < first:
        problems.add(node, f"ends on {last} before it begins on {first}")
    return Period(first, last)


def read_date(node: Node | None, problems: Problems) -> dt.date | None:
    """A day of the calendar; None where there is none, or with a problem."""
    if node is None:
        return None
    try:
        return dt.date.fromisoformat(node.raw)
    except ValueError:
        problems.add(node, f"`{shown(node.raw)}` is no day of the calendar")
        return None
