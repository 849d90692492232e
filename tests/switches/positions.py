"""Which positions of the emulator's switches the rooms that meet it are run with."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.emulator import Switches, create_app, switches_of

Turn = dict[str, str]
"""Switches by name, and the position that each is turned to; the others keep their defaults."""

ROOMS = (
    *("tests/criteo", "tests/apply", "tests/flows", "tests/demo", "tests/sdk", "tests/crash", "tests/overlap"),
    *("tests/doctor", "tests/leaks", "tests/offers", "tests/schema_walk", "tests/sources"),
    *(f"tests/cli/test_{name}.py" for name in ("apply", "emulator", "log", "main", "plan")),
    *(f"tests/cli/test_{name}.py" for name in ("progress", "show", "state", "sync")),
    *("tests/cli/test_init.py::test_made_up_data_is_valid_formed_and_planned", "tests/lint/test_plan.py"),
    *("tests/lint/test_plugins.py", "tests/test_actual.py", "tests/test_tutorial.py"),
    "tests/test_docs.py::test_the_plan_on_the_front_page_is_real",
)
"""The tests whose emulators take their switches from `--switch`."""

ASIDE = {
    "tests/contract": "They look at what looks at the emulator.",
    "tests/emulator": "Its own tests set each switch themselves.",
    "tests/engines": "Their servers are not everywhere; what an engine does, no switch of Criteo's changes.",
    "tests/fuzz": "A program that deals the switches itself.",
    "tests/real": "Its events are downloaded first.",
    "tests/storm": "A program that deals the switches itself.",
}
"""Who else meets an emulator, and why it is not run with `--switch`."""


def usual(**positions: object) -> Switches:
    """The switches that the tests are run with, but for some that a test needs as they are here."""
    options: dict[str, Any] = create_app.__kwdefaults__ or {}
    switches: Switches = options["switches"]
    return switches.changed(positions)


def needed(request: pytest.FixtureRequest, **positions: object) -> Switches:
    """The same, but for those that the test, or its module, is marked with: `@pytest.mark.switches(algebra="any")`."""
    marked = dict(positions)
    for marker in reversed([*request.node.iter_markers("switches")]):  # the test's own last
        marked |= marker.kwargs
    return usual(**marked)


def single() -> list[Turn]:
    """Every position but the defaults, each alone."""
    return [{switch.name: str(position)} for switch in switches_of(Switches).values() for position in switch.others]


def combined() -> list[Turn]:
    """The fewest turns in which every position but the defaults occurs, all switches turned in each."""
    switches = switches_of(Switches).values()
    many = max(len(switch.others) for switch in switches)
    return [
        {switch.name: str(switch.others[number % len(switch.others)]) for switch in switches} for number in range(many)
    ]


def dealt(many: int) -> list[Turn]:
    """Every position but the defaults, about so many in a turn, and no switch twice; neighbours go to other turns."""
    switches = switches_of(Switches).values()
    turns = max(-(-len(single()) // many), *(len(switch.others) for switch in switches))
    return [dict(pair for each in single()[first::turns] for pair in each.items()) for first in range(turns)]
