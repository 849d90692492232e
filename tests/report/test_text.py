"""The plan as text."""

from __future__ import annotations

import re

import pytest

from reconciler.report.document import document
from reconciler.report.text import render_text
from tests.report.conftest import Compare
from tests.report.plans import PLANS, changed


@pytest.mark.parametrize("name", PLANS)
def test_the_whole_text_is_as_kept(name: str, compare: Compare) -> None:
    """Every line of it, for a plan of every sort."""
    compare(f"{name}.txt", render_text(document(PLANS[name]())))


def test_colour_changes_no_word() -> None:
    """Without its escapes the coloured text is the plain one."""
    doc = document(changed())
    coloured = render_text(doc, colour=True)

    assert "\x1b[1;31m! segment.lapsed" in coloured
    assert render_text(doc) == re.sub(r"\x1b\[[0-9;]*m", "", coloured)


@pytest.mark.parametrize("name", PLANS)
def test_the_text_ends_with_the_two_lines(name: str) -> None:
    """Their form is frozen: scripts read them."""
    plan, members = render_text(document(PLANS[name]())).splitlines()[-2:]

    assert re.fullmatch(r"Plan: [\d,]+ to add, [\d,]+ to change, [\d,]+ to destroy, [\d,]+ blocked\.", plan)
    assert re.fullmatch(r"Members: \+[\d,]+ -[\d,]+ in [\d,]+ segments?\.", members)
