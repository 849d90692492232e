"""Files as they come, with odd names of columns and odd values: each gives a message, or a workspace that works."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.commandline import AS_OF, run

NAMES = (
    "id", "customer_id", "email", "Mail", "event", "type", "time", "at", "date", "consent", "newsletter",
    "unsubscribed", "phone", "a b", "x:y", "#", "yes", "null", "12a", "é", "name", "order",
    "- q", "'", '"', "{", "[", "*a", "&b", "!t",
    "|", ">", "%d", "`", "a,b", " lead", "trail ", "true", "~", "?", "slice", "is",
)  # fmt: skip
Cell = Callable[[int, random.Random], str]
NUMBER: Cell = lambda row, _: str(row % 20)  # noqa: E731 - a table of small functions
ADDRESS: Cell = lambda row, _: f"p{row}@example.com"  # noqa: E731
MOMENT: Cell = lambda row, _: f"2026-11-{10 + row % 11}T0{row % 9}:00:00Z"  # noqa: E731
KIND: Cell = lambda _, chance: chance.choice(["purchase", "view", "add_to_cart", "Order Completed", "#a", "yes: no"])  # noqa: E731
CELLS: tuple[Cell, ...] = (
    NUMBER, ADDRESS, MOMENT, KIND,
    lambda _, chance: chance.choice(["yes", "no", ""]),
    lambda row, _: f"+3361234{row:04}",
    lambda *_: "",
    lambda row, _: f"{row:064x}",
    lambda *_: "line\nbreak",
    lambda *_: 'q"uote',
    lambda row, _: f"{row % 28 + 1}/11/2026",
)  # fmt: skip


def write(path: Path, number: int, chance: random.Random) -> None:
    """A file: the first may be customers, most others may be events."""
    columns = chance.sample(NAMES, chance.randrange(2, 7))
    cells = [chance.choice(CELLS) for _ in columns]
    if number == 0:
        columns[0], cells[:2] = "id", [lambda row, _: str(row), ADDRESS]
    elif chance.random() < 0.9 and len(columns) > 2:
        cells[:3] = [NUMBER, MOMENT, KIND]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=chance.choice(",;|"))
        writer.writerow(columns)
        writer.writerows([cell(row, chance) for cell in cells] for row in range(20))


@pytest.mark.parametrize("seed", range(8))
def test_any_files_give_a_message_or_a_workspace_that_works(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `init` writes is valid, fits the data, passes its tests and has the form; what it refuses it says."""
    chance = random.Random(seed)  # noqa: S311
    monkeypatch.chdir(tmp_path)
    names = [f"file-{number}.csv" for number in range(chance.randrange(1, 4))]
    for number, name in enumerate(names):
        write(tmp_path / name, number, chance)
    made = run("init", "--yes", "--as-of", AS_OF, *(word for name in names for word in ("--from", name)))
    assert made.code in (0, 78), made.said
    assert "example.com" not in made.said
    if made.code == 0:
        checks = [run("validate", "--data"), run("test"), run("fmt", "--check")]
        assert [each.code for each in checks] == [0, 0, 0], [each.said for each in checks]
    else:
        assert "The workspace is invalid" not in made.stderr
        assert sorted(path.name for path in tmp_path.iterdir()) == names
