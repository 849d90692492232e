"""docs/criteo.md says what we rely on: every endpoint, every switch and every position stands in it."""

from __future__ import annotations

import json
import re

from reconciler.emulator import Switches, switches_of
from tests.contract import document
from tests.switches.page import MARK, PAGE, table

TEXT = PAGE.read_text(encoding="utf-8")
SWITCHES = switches_of(Switches)
KINDS = ("documented", "third party", "measured", "assumed", "unknown")


def rows(text: str) -> list[list[str]]:
    """The cells of every row of every table."""
    lines = re.findall(r"^\| (.+) \|$", text, re.MULTILINE)
    return [[cell.strip() for cell in line.split(" | ")] for line in lines]


def facts() -> list[list[str]]:
    """The rows that say what we rely on."""
    sections = [part for part in TEXT.split("\n## ") if "| fact |" in part]
    found = (line for part in sections for line in part.splitlines() if line.startswith("| "))
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in found)
    return [row for row in cells if row[0] != "fact"]


def test_the_table_of_switches_is_as_the_code_has_it() -> None:
    """Each switch, its default, each other position, and what it decides; `python -m tests.switches.page` writes it."""
    assert TEXT.partition(MARK)[2] == f"\n{table()}"
    for switch in SWITCHES.values():
        row = next(cells for cells in rows(table()) if cells[0] == f"`{switch.name}`")
        assert {f"`{position}`" for position in (switch.default, *switch.others)} <= {*row[2].split(", "), row[1]}


def test_every_switch_belongs_to_a_fact() -> None:
    """The table of facts says what each switch is about, and names no switch that is not there."""
    named = {name for row in facts() for name in re.findall(r"`(\w+)`", row[4])}
    assert named == set(SWITCHES)


def test_every_fact_says_how_sure_it_is() -> None:
    """By one of the five words, and each has five cells."""
    assert len(facts()) > 50
    assert [row for row in facts() if len(row) != 5 or not row[1].startswith(KINDS)] == []


def test_what_is_not_sure_has_a_switch_or_says_why_not() -> None:
    """An open point without a switch is one that no switch could turn, or that nothing here depends on."""
    unsure = [row for row in facts() if re.search("unknown|assumed|third party", row[1])]
    assert len(unsure) > 50
    assert [row[0] for row in unsure if not re.match(r"`|none: \w", row[4])] == []


def test_every_endpoint_of_criteos_is_there() -> None:
    """Each operation of the specification, with its method and the end of its path."""
    listed = [
        cells
        for cells in rows(TEXT)
        if len(cells) == 3 and cells[0].split()[0] in ("GET", "POST", "PATCH", "PUT", "DELETE")
    ]
    endpoints = json.loads(document.FILE.read_text(encoding="utf-8"))["endpoints"]
    assert [cells[1] for cells in listed] != []
    assert {cells[1].strip("`") for cells in listed} == {each["id"] for each in endpoints}
    for each in endpoints:
        method, path = next(cells[0].split() for cells in listed if cells[1] == f"`{each['id']}`")
        end = re.sub(r"\{(?!version)[\w-]+\}", "{id}", each["path"]).removeprefix("/{version}/marketing-solutions")
        assert (method, path.removeprefix("…").removeprefix("/{version}/marketing-solutions")) == (each["method"], end)
