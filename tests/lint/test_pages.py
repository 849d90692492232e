"""The pages of the rules."""

from __future__ import annotations

import pytest

from reconciler.lint.pages import page
from reconciler.lint.rule import ID, NAME
from tests.cli.commandline import run
from tests.lint.workspaces import RULES
from tests.lint.write_pages import PAGES, with_index


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_its_page(rule: str) -> None:
    """What is in docs/lint is what the rule says of itself; `python -m tests.lint.write_pages` writes it anew."""
    assert (PAGES / f"{rule}.md").read_text(encoding="utf-8") == page(RULES[rule])


def test_no_page_is_left_over() -> None:
    """Every page is of a rule, and the front page lists all of them."""
    front = (PAGES / "README.md").read_text(encoding="utf-8")
    assert sorted(path.stem for path in PAGES.glob("*.md")) == sorted([*RULES, "README"])
    assert front == with_index(front)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_says_what_it_is_for(rule: str) -> None:
    """An id and a name that fit, a sentence, a reason, and a next step."""
    each = RULES[rule]
    assert ID.fullmatch(each.id)
    assert NAME.fullmatch(each.name)
    assert each.what.endswith(".")
    assert len(each.why) > len(each.what)
    assert each.instead.endswith(".")


def test_the_page_can_be_read_on_the_command_line() -> None:
    """By id and by name; what is no rule gets the nearest name and exit code 64."""
    by_id, by_name = run("lint", "--explain", "RL501"), run("lint", "--explain", "missing-owner")
    assert (by_id.code, by_id.stdout) == (0, page(RULES["RL501"]))
    assert by_name == by_id
    wrong = run("lint", "--explain", "missing-owners")
    assert (wrong.code, wrong.stdout) == (64, "")
    assert "there is no rule 'missing-owners'; did you mean `missing-owner`?" in wrong.stderr
