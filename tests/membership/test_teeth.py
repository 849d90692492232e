"""The random cases would see it if a rule of the language were read wrongly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from typing import TypeAlias

import pytest

from reconciler.model.membership import SourceHealth
from tests.membership import (
    health_runner,
    misreadings,
    misreadings_of_health,
    misreadings_of_moves,
    moves_runner,
    packs,
    runner,
)
from tests.membership.brute import Brute
from tests.membership.packs import Pack
from tests.membership.runner import DUCKDB, Told, expected, found

PACKS, SIZE = 10, 30
MOVING = (0, 1, 6, 17, 301, 304)
"""Few packs that touch every rule: beside a ledger they take longer."""
Misreadings: TypeAlias = Sequence[tuple[object, str, object]]


@dataclass(frozen=True)
class Answer:
    """What the engine says of a pack."""

    pack: Pack
    lists: list[list[Told]]
    health: SourceHealth


@pytest.fixture(scope="module")
def answers() -> list[Answer]:
    """Of some packs in which records may be of one person."""
    drawn = (packs.draw_pack(f"a keen eye {number}", SIZE, DUCKDB.endings, rich=True) for number in count())
    return [answer(pack) for pack in islice((each for each in drawn if each.shape.same_person), PACKS)]


def answer(pack: Pack) -> Answer:
    """Of one pack."""
    with runner.opened(DUCKDB, pack) as session:
        return Answer(pack, found(session, pack), session.membership.health)


@pytest.fixture(scope="module")
def moves() -> list[moves_runner.Answer]:
    """What it says of others beside a ledger."""
    drawn = (packs.draw_pack(f"a keen eye {number}", 12, DUCKDB.endings, past=True, rich=True) for number in MOVING)
    return [moves_runner.answer(DUCKDB, pack) for pack in drawn]


def agree(told: Sequence[Answer]) -> bool:
    """Whether the evaluator and the engine agree about every list."""
    return all(
        expected(Brute(each.pack.data_of(case).world), case) == lists
        for each in told
        for case, lists in zip(each.pack.cases, each.lists, strict=True)
    )


def agree_about_health(told: Sequence[Answer]) -> bool:
    """Whether they agree about every figure of the source."""
    return not any(health_runner.difference(each.pack, each.health) for each in told)


def agree_about_moves(told: Sequence[moves_runner.Answer]) -> bool:
    """Whether they agree about what moves and why."""
    fresh = (replace(each, distrust=replace(each.distrust)) for each in told)  # it remembers what it has answered
    return not any(moves_runner.differences(each, case) for each in fresh for case in each.pack.cases)


def unseen(misread: Misreadings, agrees: Callable[[], bool], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The misreadings with which all would still agree; as it stands it does."""
    assert agrees()
    out = []
    for owner, name, wrong in misread:
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, wrong)
            if agrees():
                out.append(getattr(wrong, "__name__", f"{name} = {wrong}"))
    return out


def test_every_misreading_is_seen(answers: list[Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    """As it stands, the evaluator agrees with the engine about every case; read wrongly in any way, about not all."""
    assert unseen(misreadings.MISREADINGS, lambda: agree(answers), monkeypatch) == []


def test_every_miscount_is_seen(answers: list[Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of what the plan tells of the source."""
    assert unseen(misreadings_of_health.MISREADINGS, lambda: agree_about_health(answers), monkeypatch) == []


def test_every_mistaken_move_is_seen(moves: list[moves_runner.Answer], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of what is added and removed beside a ledger, why, what is said again and what is frozen."""
    assert unseen(misreadings_of_moves.MISREADINGS, lambda: agree_about_moves(moves), monkeypatch) == []
