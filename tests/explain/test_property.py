"""Random definitions on random data: between two instants nothing changes, and one person alone is who she is."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from random import Random

from sqlglot import select

from reconciler.errors import SourceInvalid
from reconciler.explain.conditions import hidden_definition, with_window
from reconciler.explain.fates import cases_of
from reconciler.membership.fates import lists_of_identifiers
from reconciler.membership.finding import FOUND, Sought, find, narrowed
from reconciler.membership.instants import TICK, instants, reads_the_clock_itself
from reconciler.membership.sql import create, drop, name, table
from reconciler.membership.study import Standing, Studied, Study, studying
from reconciler.model.address import Address
from reconciler.model.definition import Definition
from reconciler.model.reads import leaves_of
from tests.membership import packs, runner, worlds
from tests.membership.runner import DUCKDB
from tests.membership.shapes import draw_shape
from tests.membership.sources import FILES
from tests.membership.worlds import AS_OF

CASES = int(os.environ.get("EXPLAIN_CASES", "5"))
SEED = os.environ.get("EXPLAIN_SEED", "a patient shop")
INTERVALS = 4
"""So many of the spans between two instants are looked at in a case."""


@contextmanager
def study_of(random: Random) -> Iterator[Study]:
    """A random case, alone in its source."""
    shape = draw_shape(random, [each for each in FILES if each != ".json"])
    case = packs.draw_case(random, shape, 7)
    pack = packs.Pack(shape=shape, cases=(case,), seed="one")
    with runner.workspace(pack) as root:
        asks = worlds.request(DUCKDB.load(pack.data(), root), case.asked, read=runner.columns(pack))
        asked = Studied(
            settings=asks.settings,
            columns=asks.columns,
            as_of=AS_OF,
            hidden=leaves(each.wanted for each in case.asked if each.wanted is not None),
            segments=case.asked,
        )
        with studying(asked) as study:
            yield study


def leaves(asked: Iterable[Definition]) -> dict[Address, Definition]:
    """Every condition by itself: what turns in one of them may be hidden by the others."""
    return {
        Address(f"leaf {number}"): hidden_definition(with_window(leaf, window), definition.segments)
        for number, (definition, window, leaf) in enumerate(
            (definition, window, leaf)
            for definition in asked
            for who in definition.whos()
            for window in (*(each.window for each in who.slices), *([] if who.slices else [None]))
            for leaf in leaves_of(who.condition)
        )
    }


def standing(study: Study, clock: dt.datetime) -> frozenset[Standing]:
    study.look(clock)
    return frozenset(study.standings())


def definitions(study: Study) -> list[Definition]:
    return [each.wanted for each in study.opened.request.asked if each.wanted is not None]


def spans(random: Random, study: Study) -> list[tuple[dt.datetime, dt.datetime]]:
    """Instants with the last clock before the next one."""
    moments = instants(study, definitions(study))
    every = [(here, there - TICK) for here, there in pairwise(moments)]
    return random.sample(every, min(INTERVALS, len(every)))


def test_nothing_changes_between_two_instants() -> None:
    """From an instant to the last clock before the next one everybody stands where they stood, whatever is asked."""
    looked = 0
    for number in range(CASES):
        random = Random(f"{SEED} {number}")  # noqa: S311 - cases to be drawn again, no secrets
        try:
            with study_of(random) as study:
                if reads_the_clock_itself(definitions(study)):
                    continue
                for here, there in spans(random, study):
                    assert standing(study, here) == standing(study, there), (SEED, number, here, there)
                    looked += 1
        except SourceInvalid:
            continue
    assert looked >= CASES


def test_somebody_alone_is_who_she_is_among_all() -> None:
    """What a narrowed study tells of one person's identifiers is what the whole source tells."""
    looked = 0
    for number in range(CASES):
        random = Random(f"{SEED}, alone {number}")  # noqa: S311 - the same
        try:
            with study_of(random) as study:
                looked += sum(alone_as_among_all(random, study) for _ in range(2))
        except SourceInvalid:
            continue
    assert looked >= CASES


def alone_as_among_all(random: Random, study: Study) -> bool:
    study.engine.run(drop(FOUND))
    study.engine.run(create(FOUND, select(name("k")).from_(table("customers"))))
    study.look(AS_OF)
    study.send()
    everybody, among_all = lists_of_identifiers(study), list(study.standings())
    if not everybody:
        return False
    person = random.choice(sorted(everybody))
    assert find(study, Sought(value=person)) == (person,)
    near = narrowed(study)
    case = cases_of(near, AS_OF)[person]
    alone = [each.sent_to for each in case.identifiers]
    assert sorted(map(sorted, alone)) == sorted(map(sorted, everybody[person]))
    assert sorted(map(sorted, lists_of_identifiers(near)[person])) == sorted(map(sorted, alone))
    assert case.standing.meets == next(each.meets for each in among_all if each.person == person)
    return True
