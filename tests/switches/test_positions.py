"""The turns that the other tests are run with reach every position."""

from __future__ import annotations

from pathlib import Path

from reconciler.emulator import Switches, switches_of
from tests.switches.positions import ROOMS, Turn, combined, dealt, single

ROOT = Path(__file__).parents[2]
POSITIONS = {(switch.name, str(position)) for switch in switches_of(Switches).values() for position in switch.others}


def positions_of(turns: list[Turn]) -> set[tuple[str, str]]:
    return {position for turn in turns for position in turn.items()}


def test_every_position_is_tried_alone() -> None:
    """There is one turn for each position that is no default, and it turns nothing else."""
    assert (positions_of(single()), len(single())) == (POSITIONS, len(POSITIONS))


def test_every_position_is_tried_together_with_others() -> None:
    """The quick turns reach every position too, in as many runs as the switch with most positions needs."""
    assert positions_of(combined()) == POSITIONS
    assert len(combined()) == max(len(switch.others) for switch in switches_of(Switches).values()) < len(POSITIONS)


def test_every_position_is_tried_with_a_few_others() -> None:
    """Every position is dealt into one turn, and no turn has more of them than was asked for."""
    turns = dealt(7)
    assert (positions_of(turns), sum(map(len, turns))) == (POSITIONS, len(POSITIONS))
    assert {len(turn) for turn in turns} <= {6, 7}


def test_the_rooms_are_there() -> None:
    """What is run by default exists."""
    assert [room for room in ROOMS if not (ROOT / room).exists()] == []
