"""The random cases would see it if a rule of the language were read wrongly."""

from __future__ import annotations

from itertools import count, islice

import pytest

from tests.membership import packs, runner
from tests.membership.brute import Brute, World
from tests.membership.misreadings import MISREADINGS
from tests.membership.packs import Case
from tests.membership.runner import DUCKDB, Told, expected, found

PACKS, SIZE = 16, 30
Answer = tuple[World, Case, list[Told]]


def answers() -> list[Answer]:
    """What the engine says of some cases in which records may be of one person."""
    out: list[Answer] = []
    drawn = (packs.draw_pack(f"teeth {number}", SIZE, DUCKDB.endings) for number in count())
    for pack in islice((each for each in drawn if each.shape.same_person), PACKS):
        with runner.opened(DUCKDB, pack) as session:
            told = found(session, pack)
        out += [(pack.data_of(case).world, case, lists) for case, lists in zip(pack.cases, told, strict=True)]
    return out


def test_every_misreading_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it stands, the evaluator agrees with the engine about every case; read wrongly in any way, about not all."""
    told = answers()
    assert all(expected(Brute(world), case) == lists for world, case, lists in told)
    unseen = []
    for owner, name, misread in MISREADINGS:
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, misread)
            if all(expected(Brute(world), case) == lists for world, case, lists in told):
                unseen.append(getattr(misread, "__name__", f"{name} = {misread}"))
    assert unseen == [], " ".join(unseen)
