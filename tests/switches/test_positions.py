"""The turns that the other tests are run with reach every position."""

from __future__ import annotations

import re
from pathlib import Path

from reconciler.emulator import Switches, switches_of
from tests.switches.positions import ASIDE, ROOMS, Turn, combined, dealt, single

ROOT = Path(__file__).parents[2]
POSITIONS = {(switch.name, str(position)) for switch in switches_of(Switches).values() for position in switch.others}
MEETS = re.compile(
    r'\b(create_app|pretend_criteo)\(|criteo: Criteo|: (NewCriteo|Pretend)\b|tests\.flows|"reconciler", "emulator"'
)
"""How a file looks that has an emulator: it starts one, or asks for one."""


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
    """What is run by default, and what is not, exists."""
    assert [place for place in (*ROOMS, *ASIDE) if not (ROOT / _file(place)).exists()] == []


def test_whoever_meets_an_emulator_is_run_with_them() -> None:
    """Each file of tests that has an emulator is in one of the rooms, or it is said why it is left aside."""
    places = [_file(place) for place in (*ROOMS, *ASIDE)]
    found = [path.relative_to(ROOT) for path in sorted((ROOT / "tests").rglob("*.py")) if _meets(path)]
    assert len(found) > 50
    assert [str(path) for path in found if not any(map(path.is_relative_to, places))] == []


def _file(place: str) -> Path:
    """The file or folder of a room; a room may be one test of a file."""
    return Path(place.partition("::")[0])


def _meets(path: Path) -> bool:
    """Whether tests are in this file that have an emulator, or, of a room's `conftest.py`, all of the room's."""
    is_of_tests = path.name.startswith("test_") or (path.name == "conftest.py" and path.parent.name != "cli")
    return is_of_tests and path.parent.name != "switches" and MEETS.search(path.read_text(encoding="utf-8")) is not None
