"""Lists made of others beside a ledger and doubts: they hold what their parts hold, whatever is held back of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from random import Random

from reconciler.model.address import Address, exclusions_address
from reconciler.model.conditions import Everyone
from reconciler.model.definition import Definition, Who
from reconciler.model.membership import AskedSegment, Cause, Chosen, Selection
from tests.membership import worlds
from tests.membership.brute import Found
from tests.membership.brute_moves import NOTHING, ORDER, Judge, counted
from tests.membership.moves_runner import Answer, answer, judges
from tests.membership.packs import BEFORE, Case, Pack
from tests.membership.runner import Place, Wrong


def differing(place: Place, pack: Pack) -> list[Wrong]:
    """The cases of a pack whose union is another one than plain sets say; everything is let through."""
    told = answer(place, with_unions(pack))
    found = ((case, _differences(told, case)) for case in told.pack.cases)
    return [Wrong(case, "\n  ".join(how)) for case, how in found if how]


def holding_back(place: Place, pack: Pack) -> list[Wrong]:
    """The cases of a pack whose union holds anything else than its parts do, when much is held back of these."""
    random = Random(f"{pack.seed}, held back")  # noqa: S311 - chance that can be had again is what is wanted

    def some(addresses: Mapping[Address, int]) -> Selection:
        return {address: _chosen(random, address) for address in addresses}

    told = answer(place, with_unions(pack), choose=some)
    found = ((case, list(_inexact(told, case))) for case in told.pack.cases)
    return [Wrong(case, "\n  ".join(how)) for case, how in found if how]


def _chosen(random: Random, address: Address) -> Chosen:
    whole = "(exclusions)" in address
    causes = worlds.ALL if whole else frozenset(each for each in sorted(Cause) if random.random() < 0.5)
    return Chosen(add=whole or random.random() < 0.5, causes=causes)


def with_unions(pack: Pack) -> Pack:
    """The same pack with a list in each case that is made of some of the others, as it is and as it was."""
    random = Random(f"{pack.seed}, unions")  # noqa: S311 - chance that can be had again is what is wanted
    return replace(pack, cases=tuple(_with_union(random, case) for case in pack.cases))


def _with_union(random: Random, case: Case) -> Case:
    plain = tuple(each for each in case.asked if each.key != _key(case))
    lists = sorted(address for segment in plain for address, _ in segment.lists)
    wanted = _union(random, lists)
    applied = random.choice((wanted, _union(random, lists), None))
    union = AskedSegment(
        key=_key(case),
        lists=((exclusions_address(_key(case)), None),),
        wanted=wanted,
        applied=applied,
        applied_as_of=BEFORE if applied else None,
    )
    return replace(case, asked=(*plain, union), past=None)


def _key(case: Case) -> str:
    return f"union-{case.number}"


def _union(random: Random, lists: list[Address]) -> Definition:
    return Definition(Who(Everyone()), union=tuple(sorted(random.sample(lists, random.randint(1, len(lists))))))


def _differences(told: Answer, case: Case) -> list[str]:
    return [*_inexact(told, case), *_miscounted(told, case)]


def _of(case: Case) -> tuple[Address, AskedSegment]:
    union = next(each for each in case.asked if each.key == _key(case))
    return union.lists[0][0], union


def _inexact(told: Answer, case: Case) -> list[str]:
    """Whether it does not hold exactly what its parts hold now."""
    address, union = _of(case)
    assert union.wanted is not None
    now = NOTHING.union(*(told.now[part] for part in union.wanted.union))
    return [] if told.now[address] == now else [f"{address} holds {told.now[address]}, its parts {now}"]


def _miscounted(told: Answer, case: Case) -> list[str]:
    """Whether its figures are others."""
    address, union = _of(case)
    judged = [judge for judge in judges(told.pack, case, told.distrust) if judge.segment is not union]
    parts = {part: (judge, name) for judge in judged for part, name in judge.segment.lists}
    assert union.wanted is not None
    assert case.past is not None
    held = case.past.held[address]
    wanted = NOTHING.union(*(_wanted(*parts[part]) for part in union.wanted.union))
    applied = NOTHING.union(*(_applied(*parts[part]) for part in (union.applied.union if union.applied else ())))
    causes = _causes(held - wanted, applied, [(part, *parts[part]) for part in union.wanted.union], judged[0])
    members = told.lists[address]
    expected = (len(held), len(wanted), len(wanted - held), counted(causes))
    got = (members.before, members.wanted, members.added, dict(members.removed_by))
    return [] if expected == got else [f"{address}: expected {expected}\n  got {got}"]


def _wanted(judge: Judge, name: str | None) -> frozenset[Found]:
    return judge.wanted.get(name, NOTHING)


def _applied(judge: Judge, name: str | None) -> frozenset[Found]:
    same = judge.segment.wanted == judge.segment.applied
    return (judge.wanted if same else judge.applied).get(name, NOTHING)


def _causes(
    gone: frozenset[Found], applied: frozenset[Found], parts: list[tuple[Address, Judge, str | None]], any_of: Judge
) -> dict[Found, Cause]:
    """The first cause for which a part loses it, else one of its own."""
    of_parts = [
        {found: cause for found, cause in judge.causes(part, name).items() if judge.let_through(found, cause)}
        for part, judge, name in parts
    ]
    out = {}
    for found in gone:
        told = set(chain.from_iterable([each[found]] if found in each else [] for each in of_parts))
        nobody = not any_of.brute.holders(found) and found not in any_of.brute.named(any_of.asked)
        own = Cause.GONE if nobody else Cause.DEFINITION if found in applied else Cause.UNMET
        out[found] = next((cause for cause in ORDER if cause in told), own)
    return out
