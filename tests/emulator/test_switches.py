"""How switches are read, shown and turned while the emulator runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest

from reconciler.emulator import SwitchError, Switches, switches_of
from reconciler.emulator.positions import Range, Switch
from tests.emulator.caller import Caller

ALL = switches_of(Switches)


def test_switches_are_read_from_text() -> None:
    """Several texts and several in one text; the last of one name counts, and what is not named keeps its default."""
    read = Switches.parse("failed_items=errors, match_rate=0.5", "failed_items=warnings", "too_many_identifiers=413")
    assert read == Switches(failed_items="warnings", match_rate=0.5, too_many_identifiers=413)
    assert Switches.parse() == Switches.parse("") == Switches()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("failed_itms=errors", "There is no switch 'failed_itms'; did you mean 'failed_items'?"),
        ("zzz=1", f"There is no switch 'zzz'; there are {', '.join(ALL)}"),
        ("failed_items=errors,algebra", "A switch is given as NAME=VALUE, not as 'algebra'"),
        ("too_many_identifiers=404", "Switch too_many_identifiers has no position '404'; it is 400, 413"),
        ("match_rate=2", "Switch match_rate has no position '2'; it is a number from 0 to 1"),
        ("match_rate=half", "Switch match_rate has no position 'half'; it is a number from 0 to 1"),
        ("match_rate=nan", "Switch match_rate has no position 'nan'; it is a number from 0 to 1"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, message: str) -> None:
    """The message gives the nearest name, or what the switch can be set to."""
    with pytest.raises(SwitchError) as told:
        Switches.parse(text)
    assert str(told.value) == message


@pytest.mark.parametrize("switch", ALL.values(), ids=lambda switch: switch.name)
def test_every_switch_has_another_position(switch: Switch) -> None:
    """Each position can be written and read again, and one of them is not the default."""
    assert switch.others
    for position in (switch.default, *switch.others):
        assert Switches.parse(f"{switch.name}={position}").to_dict()[switch.name] == position


@dataclass(frozen=True)
class Silent:
    a: Literal[1, 2] = 1


@dataclass(frozen=True)
class Endless:
    a: Annotated[int, "How many."] = 1


@dataclass(frozen=True)
class Both:
    a: Annotated[Literal[1, 2], "How many.", Range(lowest=1, highest=2, tried=(2,))] = 1


@pytest.mark.parametrize("kind", [Silent, Endless, Both])
def test_a_switch_that_says_too_little_is_a_mistake(kind: type[Any]) -> None:
    """Who adds a field says what it decides, and gives it either a list of positions or a range."""
    with pytest.raises(TypeError, match="switch a "):
        switches_of(kind)


def test_switches_are_turned_while_it_runs(caller: Caller) -> None:
    """`POST /emulator/switches` turns what it names, for the calls after it, and `GET` shows all."""
    before = caller.send("GET", "/emulator/switches").json()
    answer = caller.send("POST", "/emulator/switches", {"too_many_identifiers": 413, "match_rate": 1})
    assert answer.json() == {**before, "too_many_identifiers": 413, "match_rate": 1.0}
    assert caller.send("GET", "/emulator/switches").json() == answer.json()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"match_rat": 1}, "There is no switch 'match_rat'; did you mean 'match_rate'?"),
        ({"match_rate": 0.5, "algebra": None}, "Switch algebra has no position 'None'; it is "),
        (["match_rate"], 'switches: {"name": position, …}'),
    ],
)
def test_a_mistake_turns_nothing(caller: Caller, body: object, message: str) -> None:
    """A name or position that is not there is a 400 with what there is, and no switch of the body is turned."""
    before = caller.send("GET", "/emulator/switches").json()
    answer = caller.send("POST", "/emulator/switches", body)
    assert (answer.status_code, answer.json()["error"].startswith(message)) == (400, True)
    assert caller.send("GET", "/emulator/switches").json() == before


def test_every_switch_is_tested_at_every_position() -> None:
    """What a switch does is claimed by a test of this room, for the default and for each other position."""
    texts = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    missing = [
        f"{switch.name}={position!r}"
        for switch in switches_of(Switches).values()
        for position in switch.choices
        if f"{switch.name}={position!r}".replace("'", '"') not in texts
    ]
    assert missing == []
