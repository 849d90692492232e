"""What came after a picked event within a window: one more scan, of the kinds that may follow alone."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp, select

from reconciler.membership.persons import Persons
from reconciler.membership.sql import Sql, alias, call, each, either, integer, name, one_of
from reconciler.membership.streams import Reach, Scan
from reconciler.model.conditions import Follow
from reconciler.model.time import Window

MINUTE = 60_000_000

Asked = tuple[str, tuple[str, ...], Follow]
"""The fact that holds the picked time, the kinds it was picked from, what follows."""


class Follows:
    """Whether some event followed the picked one by a time in a window: `g0, g1, …` by person.

    The greatest time of a follower does not tell: it may have come after the window, and an earlier one inside.
    """

    def __init__(self, scan: Scan, persons: Persons) -> None:
        self._scan = scan
        self._persons = persons
        self._asked: dict[Asked, str] = {}
        self._reach = Reach()

    def ask(self, picked: str, kinds: tuple[str, ...], follow: Follow, reach: int | None) -> Sql:
        """Whether there is one; NULL where nothing was picked."""
        self._reach.read(follow.kinds, reach)
        return name(self._asked.setdefault((picked, kinds, follow), f"g{len(self._asked)}"))

    @property
    def columns(self) -> list[str]:
        """The columns; a person without a row has NULL in each."""
        return list(self._asked.values())

    def query(self, facts: Sql) -> exp.Select:
        """A row a person with an event in time after a picked one: `k`, and which followed. `facts` are those of every
        person, as `f`.
        """
        person = self._persons.key(name("k", "e"))
        told = select(alias(name("k", "f"), "k"))
        told = told.select(*(alias(call("bool_or", _follows(asked)), column) for asked, column in self._asked.items()))
        told = self._persons.joined(told.from_(self._scan.rows(self._reach, ()).subquery("e")), name("k", "e"))
        told = told.join(facts, on=name("k", "f").eq(person))
        return told.where(either(self._in_time())).group_by(name("k", "f"))

    def _in_time(self) -> Iterator[Sql]:
        """Whether the event at hand lies near a picked one: less to look at than each window, and rarely so."""
        for picked in dict.fromkeys(picked for picked, _, _ in self._asked):
            windows = [follow.within for from_, _, follow in self._asked if from_ == picked]
            start, end = min(window.start for window in windows), max(window.end or 0 for window in windows)
            yield each([_since(picked) >= integer(start * MINUTE), _since(picked) < integer(end * MINUTE)])


def _follows(asked: Asked) -> Sql:
    picked, kinds, follow = asked
    since = _since(picked)
    inside = [since >= integer(follow.within.start * MINUTE), *_before_end(since, follow.within)]
    others = [kind for kind in follow.kinds if kind not in kinds]
    own = [kind for kind in follow.kinds if kind in kinds]
    of_kind = [one_of(name("kind", "e"), others)] if others else []
    of_kind += [one_of(name("kind", "e"), own).and_(since > integer(0))] if own else []
    return exp.func("COALESCE", each([either(of_kind), *inside]), exp.false())


def _since(picked: str) -> Sql:
    """How long after the picked time the event at hand came, in microseconds."""
    return exp.Paren(
        this=exp.Sub(this=call("epoch_us", name("t", "e")), expression=call("epoch_us", name(picked, "f")))
    )


def _before_end(since: Sql, window: Window) -> list[Sql]:
    return [] if window.end is None else [since < integer(window.end * MINUTE)]
