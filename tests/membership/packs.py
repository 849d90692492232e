"""Packs: many cases in one source and one session, each with keys, kinds, identifiers and names of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from reconciler.model.address import Address, segment_address
from reconciler.model.conditions import Attribute, Comparison, Group, Test
from reconciler.model.definition import Definition, Who
from reconciler.model.membership import AskedSegment
from tests.membership import pools, queries, strategies
from tests.membership.brute import Found
from tests.membership.brute_conditions import Outside
from tests.membership.brute_values import as_text
from tests.membership.shapes import CONSTANT, draw_rows, draw_shape, kinds_of
from tests.membership.sources import CASE, KEY, CaseRows, Data, Shape
from tests.membership.worlds import AS_OF

Lists = Mapping[Address, frozenset[Found]]
Files = Mapping[str, tuple[str, ...]]
BEFORE = AS_OF - dt.timedelta(hours=6)
LONG_AGO = AS_OF - dt.timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Past:
    """What the ledger says of a case's lists, and what is in doubt."""

    base: Lists
    later: tuple[Lists, ...]
    doubted: Lists
    undone: Lists

    @property
    def held(self) -> Lists:
        """What the ledger holds in the end."""
        out = dict(self.base)
        for delta in self.later:
            rows = set().union(*delta.values())
            out = {address: (values - rows) | delta[address] for address, values in out.items()}
        return out

    @property
    def doubtful(self) -> Lists:
        """What is in doubt, whichever way it was to go."""
        return {address: self.doubted[address] | self.undone[address] for address in self.base}

    def only(self, addresses: Sequence[Address]) -> Past:
        """The same of fewer lists."""

        def of_these(lists: Lists) -> Lists:
            return {address: lists[address] for address in addresses}

        return Past(
            base=of_these(self.base),
            later=tuple(map(of_these, self.later)),
            doubted=of_these(self.doubted),
            undone=of_these(self.undone),
        )


@dataclass(frozen=True, kw_only=True)
class Case:
    """One small source with what is asked of it."""

    number: int
    rows: CaseRows
    asked: tuple[AskedSegment, ...]
    files: Files
    past: Past | None = None
    fresh_within: tuple[tuple[tuple[str, int], ...], ...] = ()

    @property
    def addresses(self) -> list[Address]:
        """All its lists."""
        return [address for segment in self.asked for address, _ in segment.lists]

    def asking(self, asked: tuple[AskedSegment, ...]) -> Case:
        """The same with fewer segments."""
        less = replace(self, asked=asked)
        return less if self.past is None else replace(less, past=self.past.only(less.addresses))


@dataclass(frozen=True, kw_only=True)
class Pack:
    """Cases of one shape."""

    shape: Shape
    cases: tuple[Case, ...]
    seed: str = ""

    def outside(self, cases: Iterable[Case], rows: CaseRows) -> Outside:
        """What key files and queries yield for these cases."""
        told = list(cases)
        files = {name: frozenset(keys) for case in told for name, keys in case.files.items()}
        return Outside(files, queries.known(self.shape, rows))

    def data(self) -> Data:
        """The source of all cases together."""
        rows = self.rows()
        return self._fresh(self.shape.data(rows, self.outside(self.cases, rows)))

    def data_of(self, case: Case) -> Data:
        """The source as if a case were alone."""
        return self.shape.data(case.rows, self.outside([case], case.rows))

    def rows(self) -> CaseRows:
        """All rows."""
        customers = [row for case in self.cases for row in case.rows.customers]
        feeds = range(len(self.shape.feeds))
        return CaseRows(
            customers=customers,
            events=tuple([row for case in self.cases for row in case.rows.events[n]] for n in feeds),
        )

    def _fresh(self, data: Data) -> Data:
        feeds = [
            replace(feed, fresh_within=tuple(dict.fromkeys(each for case in self.cases for each in _limits(case, n))))
            for n, feed in enumerate(data.world.feeds)
        ]
        return replace(data, world=replace(data.world, feeds=tuple(feeds)))

    def alone(self, case: Case) -> Pack:
        """The same case by itself."""
        return replace(self, cases=(case,))


def _limits(case: Case, feed: int) -> tuple[tuple[str, int], ...]:
    return case.fresh_within[feed] if case.fresh_within else ()


# ---------------------------------------------------------------------------------------------- drawing


def lists_of(key: str, *definitions: Definition | None) -> tuple[tuple[Address, str | None], ...]:
    """The lists of all versions of a definition."""
    parts: dict[str | None, None] = {}
    for definition in definitions:
        if definition is not None:
            parts.update(dict.fromkeys(each.name for each in definition.who.slices))
            parts.update({} if definition.who.slices else {None: None})
    return tuple((segment_address(key, part), part) for part in parts)


def draw_pack(
    seed: str, count: int, endings: Sequence[str], prefix: str = "", *, past: bool = False, rich: bool = False
) -> Pack:
    """A pack of so many cases, `rich` ones of many rows and two segments each. The same seed gives the same pack."""
    random = Random(seed)  # noqa: S311 - chance that can be had again is what is wanted
    shape = draw_shape(random, endings, prefix)
    least = 1 if shape.ending == ".json" else 0  # rows alone tell a JSON file's columns
    empty = random.randrange(-20, len(shape.feeds)) if not least else -1
    cases = [draw_case(random, shape, number, empty, past=past, rich=rich) for number in range(count)]
    return Pack(shape=shape, cases=tuple(cases), seed=seed)


def draw_case(
    random: Random, shape: Shape, number: int, empty: int = -1, *, past: bool = False, rich: bool = False
) -> Case:
    """A case; the source of events that is `empty` has no row."""
    bounds = random.choice([pools.EVEN, pools.ODD] if past else [pools.EVEN, pools.ODD, pools.FAR])
    rows = draw_rows(random, shape, number, bounds, rich=rich)
    rows = replace(rows, events=tuple([] if n == empty else each for n, each in enumerate(rows.events)))
    files = _key_files(random, rows, number)
    scope = strategies.Scope(
        random=random,
        bounds=bounds,
        kinds=(*kinds_of(number), CONSTANT),
        customers={name: kind for name, kind in shape.customer_types().items() if name in _TESTED},
        events={name: kind for name, kind in shape.properties().items() if name in _TESTED},
        files=tuple(files),
        queries=tuple(queries.known(shape, rows)),
    )
    segments = tuple(
        _segment(scope, f"s{number}x{n}", number, past=past) for n in range(2 if rich else random.choice((1, 1, 1, 2)))
    )
    return Case(number=number, rows=rows, asked=segments, files=files)


_TESTED = {"score", "tier", "vip", "joined", "tags", "amount", "coupon", "due", "items", "product"}


def _key_files(random: Random, rows: CaseRows, number: int) -> Files:
    keys = [as_text(row[KEY]) for row in rows.customers if random.random() < 0.5]
    return {f"keys{number}.csv": (*keys, f"gone{number}", *keys[:1])}


def _segment(scope: strategies.Scope, key: str, number: int, *, past: bool) -> AskedSegment:
    wanted = _definition(scope, number)
    if not past:
        return AskedSegment(key=key, lists=lists_of(key, wanted), wanted=wanted)
    other = _definition(scope, number)
    versions: list[tuple[Definition | None, Definition | None]] = [
        *[(wanted, wanted)] * 2,
        *[(wanted, other)] * 2,
        (wanted, None),
        (None, other),
    ]
    now, then = scope.random.choice(versions)
    at = scope.random.choice([BEFORE, LONG_AGO]) if then is not None else None
    return AskedSegment(key=key, lists=lists_of(key, now, then), wanted=now, applied=then, applied_as_of=at)


def _definition(scope: strategies.Scope, number: int) -> Definition:
    helpers = {"first": scope.who()}
    helpers["second"] = replace(scope, segments=strategies.references(helpers)).who()
    drawn = strategies.definition(replace(scope, segments=strategies.references(helpers)), helpers)
    return replace(drawn, who=Who(_of_the_case(drawn.who, number), drawn.who.slices))


def _of_the_case(who: Who, number: int) -> Group:
    """The same for people of the case alone, so that cases don't touch."""
    own = Attribute(Test(CASE, (Comparison("is", (f"n{number}",)),)))
    top = who.condition
    return replace(top, all=(own, *top.all)) if isinstance(top, Group) else Group(all=(own, top))
