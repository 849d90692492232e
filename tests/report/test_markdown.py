"""The plan as a comment on a pull request."""

from __future__ import annotations

import re

import pytest

from reconciler.model.address import Address
from reconciler.model.membership import ListMembership
from reconciler.plan.build import build
from reconciler.report.document import document, summary_lines
from reconciler.report.markdown import BUDGET, render_markdown
from tests.plan.builders import at_criteo, desired, members, nothing, segment
from tests.report.conftest import Compare
from tests.report.plans import PLANS, changed


@pytest.mark.parametrize("name", PLANS)
def test_the_whole_comment_is_as_kept(name: str, compare: Compare) -> None:
    """Every line of it, for a plan of every sort."""
    compare(f"{name}.md", render_markdown(document(PLANS[name]())))


def test_a_long_plan_is_cut_loudly_and_stays_within_its_budget() -> None:
    """A thousand lists: the summary, the notice and as much as fits, with every fold and fence closed."""
    new = desired(*(segment(f"segment-with-a-long-key-{number}") for number in range(1000)))
    lists = (ListMembership(address=each.lists[0].address, wanted=5, added=5) for each in new.segments)
    doc = document(build(new, nothing(), None, members(*lists)))

    text = render_markdown(doc)

    assert 50_000 < len(text) <= BUDGET
    assert text.startswith("**Plan: 1,000 to add")
    assert "**This comment is cut.**" in text
    assert text.index("This comment is cut") < 400
    assert text.count("<details>") == text.count("</details>")
    assert text.count("```") % 2 == 0


@pytest.mark.parametrize("budget", [700, 900, 1_100, 1_300, 1_500, 1_700, 1_900, 2_100, 2_300, 2_500])
def test_a_comment_is_cut_anywhere_without_breaking(budget: int) -> None:
    """Whatever the cut hits, folds and fences are closed, the summary is there and the budget is kept."""
    doc = document(changed())
    plan, members_line = summary_lines(doc)

    text = render_markdown(doc, budget=budget)

    assert len(text) <= budget
    assert text.startswith(f"**{plan}**<br>\n**{members_line}**\n")
    assert "**This comment is cut.**" in text
    assert text.count("<details>") == text.count("</details>")
    assert text.count("```") % 2 == 0


def test_words_of_others_have_no_meaning_in_markdown() -> None:
    """A name can't mention anybody, close the table, fold or fence, or load an image."""
    name = "``` a|b `c` @team <img src=x> [l](http://example.com) **d**"
    new = desired(segment("a", name=name))
    blocked = build(
        new,
        at_criteo(desired(), foreign_segments=[name]),
        None,
        members(ListMembership(address=Address("segment.a"), wanted=1, added=1)),
    )

    text = re.sub(r"```diff\n.*?\n```", "", render_markdown(document(blocked)), flags=re.DOTALL)

    assert "```" not in text
    assert "<img" not in text
    assert "@team" not in text
    assert "[l](" not in text
    assert "a\\|b \\`c\\` &#64;team &lt;img src=x&gt;" in text
