"""The random cases would see it if a rule of the language were read wrongly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import TypeAlias

import pytest

from reconciler.model.membership import SourceHealth
from tests.membership import health_runner, misreadings, misreadings_of_health, packs, runner
from tests.membership.brute import Brute
from tests.membership.packs import Pack
from tests.membership.runner import DUCKDB, Told, expected, found

PACKS, SIZE = 10, 30
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
