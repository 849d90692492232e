"""What a ledger said before: lists held, what is in doubt, and how fresh the source has to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from reconciler.model.address import Address
from reconciler.state.snapshot import SourceCounts
from tests.membership import pools
from tests.membership.brute import Found, World
from tests.membership.brute_identifiers import FORMS, identifier
from tests.membership.packs import Case, Lists, Pack, Past
from tests.membership.shapes import CONSTANT, kinds_of
from tests.membership.sources import FeedShape

LIMITS = (60, 240, 1440, 4320)


def with_past(random: Random, pack: Pack) -> Pack:
    """The same pack with a past for every case."""
    deltas = random.randint(0, 2)
    common = [_common(random, feed) for feed in pack.shape.feeds]
    return replace(pack, cases=tuple(_past(random, pack, case, deltas, common) for case in pack.cases))


def _past(random: Random, pack: Pack, case: Case, deltas: int, common: Sequence[Mapping[str, int]]) -> Case:
    known = sorted(_known(pack.data_of(case).world, case.number))
    addresses = case.addresses

    def held() -> Lists:
        return {address: frozenset(each for each in known if random.random() < 0.4) for address in addresses}

    past = Past(base=held(), later=tuple(held() for _ in range(deltas)), doubted=held(), undone=held())
    limits = [_limits(random, case, *each) for each in zip(pack.shape.feeds, common, strict=True)]
    return replace(case, past=past, fresh_within=tuple(limits))


def _known(world: World, case: int) -> set[Found]:
    """Identifiers of the case, whether somebody holds them still or not."""
    rows = {found for row in world.customers for found in world.valid(row, world.columns)}
    rows |= {found for feed in world.all_feeds for row in feed.rows for found in world.valid(row, feed.identifiers)}
    pool: set[Found] = {("email", found) for raw in pools.addresses(case)[:8] if (found := identifier(raw, world.form))}
    ghosts: set[Found] = {("email", FORMS[world.form](f"ghost{n}of{case}@example.com")) for n in range(2)}
    return rows | pool | ghosts


def _common(random: Random, feed: FeedShape) -> dict[str, int]:
    """Limits for any kind, and for the one that all cases share."""
    offers = ("*", CONSTANT)
    return {kind: random.choice(LIMITS) for kind in offers if random.random() < 0.06}


def _limits(random: Random, case: Case, feed: FeedShape, common: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    few = random.sample(kinds_of(case.number), random.choice((0, 0, 0, 1, 2)))
    limits = {kind: random.choice(LIMITS) for kind in few} if feed.declared.name is not None else {}
    return tuple({**limits, **common}.items())


def counts_before(random: Random, world: World, names: Sequence[str]) -> SourceCounts | None:
    """Sizes at the last apply: now and then so large that the source has shrunk."""
    if random.random() < 0.6:
        return None
    valid = sum(bool(each.found) for row in world.customers for each in world.read(row, world.columns))
    factors = (1.0, 1.0, 1.0, 1.0, 0.5, 1.3, 1.6)
    events = [int(len(feed.rows) * random.choice(factors)) for feed in world.all_feeds]
    return SourceCounts(
        customers=int(len(world.customers) * random.choice(factors)),
        events=sum(events),
        valid_identifiers=int(valid * random.choice(factors)),
        event_tables=dict(zip(names, events, strict=True)) if random.random() < 0.7 else {},
    )


def places(random: Random, addresses: Sequence[Address]) -> dict[Address, int]:
    """A bit for every list, with holes between them."""
    return dict(zip(addresses, random.sample(range(2 * len(addresses) + 70), len(addresses)), strict=True))
