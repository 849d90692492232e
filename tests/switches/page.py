"""The table of switches in docs/criteo.md: `python -m tests.switches.page` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reconciler.emulator import Switches, switches_of

PAGE = Path(__file__).parents[2] / "docs" / "criteo.md"
MARK = "<!-- the table is written by python -m tests.switches.page -->\n"


def table() -> str:
    """Return the table as Markdown."""
    return "".join(f"| {' | '.join(row)} |\n" for row in _rows())


def with_table(text: str) -> str:
    """Return the page with everything behind the mark replaced."""
    return f"{text.partition(MARK)[0]}{MARK}\n{table()}"


def _rows() -> Iterator[tuple[str, str, str, str]]:
    yield "switch", "default", "other positions", "what it decides"
    yield "---", "---", "---", "---"
    for switch in switches_of(Switches).values():
        others = ", ".join(f"`{position}`" for position in switch.others)
        yield f"`{switch.name}`", f"`{switch.default}`", others, switch.about


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
