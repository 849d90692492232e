"""Ages as small integers: every event falls into one slot between two bounds, and a slot has one constant mask."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from reconciler.membership.sql import Sql, call, integer, name, text
from reconciler.model.time import Window

LONGEST_LIST = 4000
"""Beyond this many entries looking up a constant list gets slow (measured), and comparing bounds is quicker."""


def moment(value: dt.datetime) -> Sql:
    """A time in UTC as a literal."""
    naive = value.astimezone(dt.UTC).replace(tzinfo=None)
    return exp.cast(text(naive.isoformat(sep=" ", timespec="microseconds")), "TIMESTAMP")


def before(as_of: dt.datetime, minutes: int) -> dt.datetime:
    """The clock that many minutes earlier, or the beginning of time when it would lie before that."""
    try:
        return as_of - dt.timedelta(minutes=minutes)
    except OverflowError:
        return dt.datetime.min.replace(tzinfo=dt.UTC)


def after(as_of: dt.datetime, minutes: int) -> dt.datetime:
    """The clock that many minutes later, or the end of time when it would lie behind that."""
    try:
        return as_of + dt.timedelta(minutes=minutes)
    except OverflowError:
        return dt.datetime.max.replace(tzinfo=dt.UTC)


def within(time: Sql, window: Window, as_of: dt.datetime) -> Sql:
    """Whether a time, not after the clock, lies in a window of age: `start <= age < end`."""
    young = time <= moment(before(as_of, window.start))
    return young if window.end is None else young.and_(time > moment(before(as_of, window.end)))


@dataclass(frozen=True, slots=True)
class Ages:
    """A cut of all ages into slots; slot i begins at `starts[i]` minutes and the last one has no end."""

    starts: tuple[int, ...]
    unit: int
    """Minutes of a slot when all are equally long, else 0."""

    def slot(self, as_of: dt.datetime) -> Sql:
        """The slot of the event at hand as SQL, counted from 0. Equal slots leave the tail to be clamped."""
        if self.unit:
            age = exp.Paren(this=exp.Sub(this=call("epoch_us", moment(as_of)), expression=call("epoch_us", name("t"))))
            return exp.Paren(this=exp.IntDiv(this=age, expression=integer(self.unit * 60_000_000)))
        branches = [
            exp.If(this=name("t") > moment(before(as_of, start)), true=integer(number))
            for number, start in enumerate(self.starts[1:])
        ]
        return exp.Case(ifs=branches, default=integer(len(self.starts) - 1))

    def slots_of(self, window: Window) -> range:
        """The slots that make up a window."""
        last = len(self.starts) if window.end is None else self.starts.index(window.end)
        return range(self.starts.index(window.start), last)


def cut(windows: Sequence[Window], kinds: int) -> Ages:
    """The coarsest cut in which every window is a run of slots; equal slots where the lists for `kinds` stay short."""
    bounds = sorted({0} | {window.start for window in windows} | {w.end for w in windows if w.end is not None})
    unit = math.gcd(*bounds) or 1
    slots = bounds[-1] // unit + 1
    if slots * kinds <= LONGEST_LIST:
        return Ages(tuple(range(0, bounds[-1] + 1, unit)), unit)
    return Ages(tuple(bounds), 0)
