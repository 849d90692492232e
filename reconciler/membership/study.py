"""A source held open, whose people can be asked which definitions they meet, at any clock: no ledger, nothing moves.

What is computed is what a plan computes, by the same functions: `people`, and `members` where identifiers matter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from sqlglot import exp, select

from reconciler.errors import EngineFailed
from reconciler.membership.checks import Columns
from reconciler.membership.counting import count_bits
from reconciler.membership.dialect import write
from reconciler.membership.difference import make_members
from reconciler.membership.engine import Engine
from reconciler.membership.engines import open_engine
from reconciler.membership.layout import WORD, Layout
from reconciler.membership.ledger import LedgerFiles, words
from reconciler.membership.opening import Opened, Request, make_people, open_source, sides_of
from reconciler.membership.questions import sort_out
from reconciler.membership.reach import on_lists
from reconciler.membership.sql import (
    Sql,
    alias,
    drop,
    each,
    filtered,
    masked,
    name,
    negated,
    some,
    table,
    when,
    without,
)
from reconciler.membership.tables import blame, declare
from reconciler.membership.values import as_key
from reconciler.model.address import Address
from reconciler.model.algebra import Formula, given
from reconciler.model.algebra import excluded as keeping_out
from reconciler.model.algebra import included as bringing_in
from reconciler.model.definition import Definition
from reconciler.model.membership import AskedSegment
from reconciler.model.settings import EngineAccess, Settings

STREAMED = 50_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Studied:
    """What is asked: the lists of some segments as they are sent, and hidden definitions, which have no consent, period
    or identifiers to look at.

    `columns` must be there, each with the place that names it; `access` is how an engine that is not in this process is
    reached; `report` is told what is being done, in a few words.
    """

    settings: Settings
    columns: Columns
    as_of: dt.datetime
    hidden: Mapping[Address, Definition]
    segments: tuple[AskedSegment, ...] = ()
    access: EngineAccess = field(default_factory=EngineAccess)
    report: Callable[[str], None] = field(default=lambda _: None, repr=False, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A record as it was computed: its key and its person's (as text, whole numbers without a point), her consent, the
    definitions that she meets and those that deny her.
    """

    key: str
    person: str
    consents: bool
    meets: frozenset[Address]
    denied: frozenset[Address]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """The identifiers of an audience: those that are included, those that are left, and for each excluded list how many
    it takes away, and how many no other list does.
    """

    included: int
    left: int
    takes: Mapping[Address, tuple[int, int]]


class Study:
    """An open source. `lists` are the places of what is sent, `everything` those of the hidden definitions as well."""

    def __init__(self, opened: Opened, lists: Layout) -> None:
        self.opened = opened
        self.lists = lists
        self.everything = opened.layout

    @property
    def engine(self) -> Engine:
        """Where it is open."""
        return self.opened.engine

    def look(self, as_of: dt.datetime, *, hidden: bool = True) -> None:
        """Make `people` as they are at a clock; without `hidden` the lists alone are looked at."""
        layout = self.everything if hidden else self.lists
        asked = [each for each in self.opened.request.asked if hidden or each.lists[0][0] in self.lists.positions]
        request = replace(self.opened.request, as_of=as_of)
        questions = sort_out(asked, as_of, request.settings.time_zone)
        self.opened = replace(self.opened, request=request, layout=layout, questions=questions)
        self.engine.run(drop("people"))
        make_people(self.opened)

    def send(self) -> None:
        """Make `members` of `people`: the identifiers that are sent."""
        for label in ("shared", "members"):
            self.engine.run(drop(label))
        # Hidden definitions begin with a word of their own: here they are not there.
        sides = sides_of(replace(self.opened, layout=self.lists))
        make_members(self.engine, self.lists, sides, self.opened.columns)

    def words(self) -> frozenset[tuple[object, ...]]:
        """All that decides which identifiers are sent: as long as it is the same, so are they."""
        told = select(name("k"), name("c"), *words("wq", self.lists), *words("wn", self.lists))
        return frozenset(self.engine.rows(told.from_(table("people"))))

    def standings(self, among: str | None = None) -> Iterator[Standing]:
        """Every record that was looked at, or those in a table of keys `k`."""
        told = select(alias(self.key(name("k")), "k"), alias(self.key(name("p")), "p"), name("c"))
        told = told.select(*words("wq", self.everything), *words("wn", self.lists)).from_(table("people"))
        if among is not None:
            told = told.where(exp.In(this=name("k"), query=select(name("k")).from_(table(among)).subquery()))
        after = 3 + self.everything.words
        for row in (row for batch in self.engine.stream(told, STREAMED) for row in batch):
            meets, denied = of_words(row[3:after], self.everything), of_words(row[after:], self.lists)
            yield Standing(key=str(row[0]), person=str(row[1]), consents=bool(row[2]), meets=meets, denied=denied)

    def count(self) -> Mapping[Address, int]:
        """How many persons meet each definition, what denies left aside."""
        return count_bits(self.engine, self.everything, self._persons(), words("wq", self.everything))

    def count_allowed(self) -> Mapping[Address, int]:
        """Of each list, how many persons meet it and are neither denied nor without consent where that is needed."""
        now = self.opened.questions
        needed = self.lists.mask(now.consenting)
        free = [without(q, n) for q, n in zip(words("wq", self.lists), words("wn", self.lists), strict=True)]
        kept = [
            when(name("c"), word, without(word.copy(), exp.Literal.number(mask)))
            for word, mask in zip(free, needed, strict=True)
        ]
        return count_bits(self.engine, self.lists, self._persons(), list(kept))

    def count_members(self) -> Mapping[Address, int]:
        """Of each list, how many identifiers are sent."""
        return count_bits(self.engine, self.lists, exp.select().from_(table("members")), words("w", self.lists))

    def count_reach(self, formula: Formula) -> Reached:
        """How many identifiers an audience has, and what each of its excluded lists takes away: on it and not in the
        audience, and in the audience if it were not for that list. `members` are there.
        """
        excluded = sorted(map(Address, keeping_out(formula)))
        included, left_out = self._on(map(Address, bringing_in(formula))), negated(self._of(formula))
        asked = [included, self._of(formula)]
        asked += [each((included, self._on([of]), left_out)) for of in excluded]
        asked += [each((self._of(given(formula, {of: False})), left_out)) for of in excluded]
        counts = [filtered(exp.func("COUNT", exp.Star()), condition.copy()) for condition in asked]
        all_of_them, left, *rest = map(int, self.engine.rows(select(*counts).from_(table("members")))[0])
        takes = dict(zip(excluded, zip(rest[: len(excluded)], rest[len(excluded) :], strict=True), strict=True))
        return Reached(included=all_of_them, left=left, takes=MappingProxyType(takes))

    def _of(self, formula: Formula | bool) -> Sql:
        return exp.Boolean(this=formula) if isinstance(formula, bool) else on_lists(formula, self._on)

    def _on(self, lists: Iterable[Address]) -> Sql:
        """Whether an identifier is on one of some lists."""
        masks = self.lists.mask(lists)
        return some(masked(word, mask) for word, mask in zip(words("w", self.lists), masks, strict=True) if mask)

    def sql(self) -> str:
        """Every statement that was run, in order, ready to be read."""
        return "".join(f"{write(tree, self.engine.dialect, pretty=True)};\n\n" for tree in self.engine.statements)

    def key(self, key: Sql) -> Sql:
        """A key as text."""
        relations = self.opened.relations
        return as_key(key, relations.customers[relations.source.customers.key].kind)

    @staticmethod
    def _persons() -> exp.Select:
        return exp.select().from_(table("people")).where(name("k").eq(name("p")))


def of_words(values: Sequence[int], layout: Layout) -> frozenset[Address]:
    """The addresses whose bits are set."""
    return frozenset(a for a, place in layout.positions.items() if values[place // WORD] >> place % WORD & 1)


@contextmanager
def studying(studied: Studied) -> Iterator[Study]:
    """Open the source. Raises SourceInvalid for data that does not fit or can't be read, EngineFailed when the engine
    can't.
    """
    settings = studied.settings
    declared = declare(settings.root, settings.source)
    paths = [path for each in declared.values() for path in each.paths]
    request, lists = _request(studied)
    with open_engine(settings.source, studied.access, paths, ()) as engine:
        try:
            yield Study(open_source(engine, request, declared), lists)
        except EngineFailed:
            blame(engine, declared.values())
            raise


def _request(studied: Studied) -> tuple[Request, Layout]:
    segments = tuple(replace(each, applied=each.wanted) for each in studied.segments)
    sent = [address for segment in segments for address, _ in segment.lists]
    first = -(-len(sent) // WORD) * WORD
    lists = {address: number for number, address in enumerate(sent)}
    request = Request(
        settings=studied.settings,
        columns=studied.columns,
        asked=(*segments, *_hidden(studied.hidden)),
        as_of=studied.as_of,
        bits=lists | {address: first + number for number, address in enumerate(studied.hidden)},
        ledger=LedgerFiles(),
        access=studied.access,
        report=studied.report,
    )
    return request, Layout(MappingProxyType(lists))


def _hidden(definitions: Mapping[Address, Definition]) -> Iterable[AskedSegment]:
    """Hidden segments: sent to nobody, so that nobody's consent is asked."""
    for address, definition in definitions.items():
        wanted = replace(definition, suppression=True)
        yield AskedSegment(key=address, lists=((address, None),), wanted=wanted, applied=wanted)
