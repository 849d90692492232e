"""Writes the pages of docs/lint anew, from the rules: `python -m tests.lint.write_pages`."""

from __future__ import annotations

from pathlib import Path

from reconciler.lint.pages import index, page
from tests.lint.workspaces import RULES

PAGES = Path(__file__).parents[2] / "docs" / "lint"
_MARK = "<!-- rules -->\n"


def with_index(text: str) -> str:
    """The front page with the table of rules as it should be."""
    before, _, rest = text.partition(_MARK)
    after = rest.partition(_MARK)[2]
    return f"{before}{_MARK}\n{index(RULES.values())}\n\n{_MARK}{after}"


def main() -> None:
    """Write them."""
    for rule in RULES.values():
        (PAGES / f"{rule.id}.md").write_text(page(rule), encoding="utf-8")
    front = PAGES / "README.md"
    front.write_text(with_index(front.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
