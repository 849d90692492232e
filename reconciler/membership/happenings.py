"""Conditions on events as SQL over a person's row: what each needs of the scans, and how it reads the answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from sqlglot import exp, select

from reconciler.errors import ReconcilerError
from reconciler.membership.ages import within
from reconciler.membership.comparisons import number_satisfies
from reconciler.membership.counters import GREATEST
from reconciler.membership.engine import Engine
from reconciler.membership.facts import Facts
from reconciler.membership.follows import MINUTE, Follows
from reconciler.membership.passes import create_grouped
from reconciler.membership.persons import Persons, merged_name
from reconciler.membership.ratios import quotient_satisfies
from reconciler.membership.sql import (
    Sql,
    call,
    create,
    drop,
    each,
    either,
    integer,
    name,
    negated,
    or_nothing,
    table,
)
from reconciler.membership.streams import Scan, Stream
from reconciler.membership.tallies import Tallies
from reconciler.model.conditions import Event, Follow, Occurs, Pick, Ratio, Times, Total
from reconciler.model.time import EVER, Window


class Happenings:
    """What conditions ask of events, gathered; then the tables that answer, and their columns beside a person.

    `table` is the name of the facts; the other tables are named after it.
    """

    def __init__(self, scan: Scan, persons: Persons, words: int, table: str) -> None:
        self._scan = scan
        self._persons = persons
        self._table = table
        self._facts = Facts(scan, words)
        self._tallies: dict[str, Tallies] = {}
        self._follows = Follows(scan, persons)

    @property
    def is_asked(self) -> bool:
        """Whether any condition reads events."""
        return self._facts.is_asked

    def occurs_at(self, event: Event, window: Window, position: int) -> None:
        """Put "at least one in the window" into a given bit of the facts."""
        self._facts.occurs_at(Stream(event.kinds, event.where), window, position)

    def holds(self, event: Event, window: Window) -> Sql:
        """Whether a person meets the condition."""
        stream = Stream(event.kinds, event.where)
        match event.measure:
            case Occurs():
                return self._facts.occurs(stream, window)
            case Times(comparisons):
                return number_satisfies(comparisons, self._figure(event, window))
            case Total(of, comparisons, "average"):
                total = self._facts.figure(stream, window, "sum", of)
                number = self._facts.figure(stream, window, "number", of)
                return quotient_satisfies(comparisons, total, number, by_count=True)
            case Total(_, comparisons):
                return exp.func("COALESCE", number_satisfies(comparisons, self._figure(event, window)), exp.false())
            case Pick():
                return self._picked(event.measure, stream, window)

    def ratio(self, ratio: Ratio) -> Sql:
        """Whether the quotient of two figures satisfies the comparisons."""
        figures = [self._figure(part, part.within) for part in (ratio.of, ratio.to) if isinstance(part.within, Window)]
        if len(figures) < 2:
            raise ReconcilerError("A ratio within a slice.", hint="This is a bug in reconciler.")
        return quotient_satisfies(ratio.comparisons, figures[0], figures[1], by_count=_counts(ratio.to))

    def followed(self, event: Event, reach: int | None) -> Sql:
        """Whether a `not_followed_by` found its event, whatever the window says of the picked one."""
        if not isinstance(event.measure, Pick) or not event.measure.not_followed_by:
            return exp.false()
        time = self._time(event.measure, Stream(event.kinds, event.where), reach)
        return either(self._after(time, event.kinds, Follow((kind,)), reach) for kind in event.measure.not_followed_by)

    def prepare(self, engine: Engine, records: int) -> None:
        """Run the scans into tables; `records` is about how many people there are."""
        # Where groups have to fit into memory, they are made small; a person with too many events undoes that.
        self._facts.packs = engine.room is not None
        self._run(engine, records)
        if self._facts.is_packed and self._overflows(engine):
            self._facts.packs = False
            self._run(engine, records)

    def _run(self, engine: Engine, records: int) -> None:
        for label, query in self._queries():
            engine.run(drop(label))
            if label == self._table:
                create_grouped(engine, label, query, groups=records, state=self._facts.state)
            else:
                engine.run(create(label, query))

    def _overflows(self, engine: Engine) -> bool:
        facts = self._persons.told(self._table, self._facts.columns)
        most = engine.rows(select(exp.func("MAX", name("n"))).from_(facts))[0][0]
        return most is not None and most > GREATEST

    def joined(self, query: exp.Select, person: Sql) -> exp.Select:
        """The query over records with everything that is told of the person beside her."""
        if self._facts.is_asked:
            facts = self._persons.told(self._table, self._facts.columns)
            query = query.join(facts, on=name("k", "f").eq(person), join_type="left")
            query = query.select(*self._facts.told("f"))
        for label, tallies in self._named_tallies():
            query = query.join(table(label), on=name("k", label).eq(person), join_type="left")
            query = query.select(*(or_nothing(name(column, label), integer(0)) for column in tallies.columns))
        if self._follows.columns:
            query = query.join(table(self._followed_table).as_("g"), on=name("k", "g").eq(person), join_type="left")
            query = query.select(*(or_nothing(name(column, "g"), exp.false()) for column in self._follows.columns))
        return query

    def _queries(self) -> Iterator[tuple[str, exp.Select]]:
        facts = self._facts.query()
        if facts is None:
            return
        yield self._table, facts
        if self._persons.merge:
            yield merged_name(self._table), self._persons.merged(self._table, self._facts.columns)
        yield from ((label, tallies.query()) for label, tallies in self._named_tallies())
        if self._follows.columns:
            told = self._persons.told(self._table, self._facts.columns)
            yield self._followed_table, self._follows.query(told)

    @property
    def _followed_table(self) -> str:
        return f"{self._table}_followed"

    def _named_tallies(self) -> Iterator[tuple[str, Tallies]]:
        return ((f"{self._table}_tally_{number}", each) for number, each in enumerate(self._tallies.values()))

    def _figure(self, event: Event, window: Window) -> Sql:
        stream = Stream(event.kinds, event.where)
        match event.measure:
            case Times(_, None):
                return self._facts.count(stream, window)
            case Times(_, str(same)):
                return self._tally(stream, window, same, "most")
            case Total(of, _, "distinct"):
                return self._tally(stream, window, of, "different")
            case Total(of, _, ("sum" | "smallest" | "largest") as figure):
                return self._facts.figure(stream, window, figure, of)
            case _:
                raise ReconcilerError("This is no figure of events.", hint="This is a bug in reconciler.")

    def _tally(self, stream: Stream, window: Window, of: str, tally: Literal["most", "different"]) -> Sql:
        # The events count in the facts as well, so that those of nobody are told from the others.
        self._facts.read(stream, window)
        if of not in self._tallies:
            self._tallies[of] = Tallies(self._scan, self._persons, of, len(self._tallies))
        return self._tallies[of].ask(stream, window, tally)

    def _picked(self, pick: Pick, stream: Stream, window: Window) -> Sql:
        alone = not pick.not_followed_by and pick.followed_by is None
        told = self._facts.picked(pick.which, stream, window) if alone else None
        if told is not None:
            return told
        time = self._time(pick, stream, window.end)
        inside = exp.func("COALESCE", within(time, window, self._scan.as_of), exp.false())
        unfollowed = [
            negated(self._after(time, stream.kinds, Follow((kind,)), window.end)) for kind in pick.not_followed_by
        ]
        followed = [self._after(time, stream.kinds, pick.followed_by, window.end)] if pick.followed_by else []
        return each([inside, *unfollowed, *followed])

    def _time(self, pick: Pick, stream: Stream, reach: int | None) -> exp.Column:
        return self._facts.latest(stream, reach) if pick.which == "latest" else self._facts.first(stream)

    def _after(self, time: exp.Column, kinds: tuple[str, ...], follow: Follow, reach: int | None) -> Sql:
        """Whether one of the kinds came after the picked time by a time in the window."""
        if follow.within.end is not None:
            return self._follows.ask(time.name, kinds, follow, reach)
        return either(self._latest_after(time, kind, kind in kinds, follow.within, reach) for kind in follow.kinds)

    def _latest_after(self, time: Sql, kind: str, picked_from: bool, window: Window, reach: int | None) -> Sql:
        """Without an end the latest of a kind tells. An event does not follow itself."""
        latest = self._facts.latest(Stream((kind,)), reach)
        after: Sql = latest > time if picked_from else latest >= time
        if window != EVER:
            since = exp.Paren(this=exp.Sub(this=call("epoch_us", latest), expression=call("epoch_us", time)))
            after = each([after, since >= integer(window.start * MINUTE)])
        return exp.func("COALESCE", after, exp.false())


def _counts(event: Event) -> bool:
    measure = event.measure
    return isinstance(measure, Times) or (isinstance(measure, Total) and measure.measure == "distinct")
