"""Lists made of others: what they hold, on random definitions, data, ledgers and doubts, against plain sets."""

from __future__ import annotations

import os

import pytest

from reconciler.membership import moves
from tests.membership import packs, runner, unions_runner
from tests.membership.runner import DUCKDB

CASES = int(os.environ.get("MEMBERSHIP_CASES", "2000")) // 80
SEED = os.environ.get("MEMBERSHIP_SEED", "a quiet shop")


def test_a_union_holds_what_its_parts_hold() -> None:
    """Its members, its moves with their causes, and what it holds then are those of its parts together."""
    run = runner.run(DUCKDB, unions_runner.differing, f"{SEED}, unions", CASES, past=True)
    assert not run.wrong, "\n\n".join(run.wrong)
    assert run.ran == CASES


def test_a_union_follows_what_is_held_back_of_its_parts() -> None:
    """Where guards stop additions to some parts or removals from others, it still holds exactly what they hold."""
    run = runner.run(DUCKDB, unions_runner.holding_back, f"{SEED}, held back", CASES, past=True)
    assert not run.wrong, "\n\n".join(run.wrong)
    assert run.ran == CASES


def test_the_comparison_has_teeth(monkeypatch: pytest.MonkeyPatch) -> None:
    """A union that moves by what is wanted of its parts, whatever becomes of these, is found out."""
    monkeypatch.setattr(moves, "with_moves", lambda *_, added, removed, **__: (added, removed))
    pack = packs.draw_pack("teeth", 10, DUCKDB.endings, DUCKDB.prefix, past=True)
    assert unions_runner.holding_back(DUCKDB, pack)
