"""How a plan reaches a person or a pipe: which format, with or without colour."""

from __future__ import annotations

import sys
from typing import Literal

import click

from reconciler.config.environment import wants_color
from reconciler.lint.inspection import Inspection
from reconciler.plan.changes import Plan
from reconciler.report.document import document
from reconciler.report.lint import with_lint

PlanFormat = Literal["text", "json", "markdown"]


def rendered(plan: Plan, style: PlanFormat = "text", inspection: Inspection | None = None) -> str:
    """The plan in a format, with what lint says of it; text has colour on a terminal that wants it."""
    doc = with_lint(document(plan), inspection)
    if style == "json":
        from reconciler.report.json import render_json

        return render_json(doc)
    if style == "markdown":
        from reconciler.report.markdown import render_markdown

        return render_markdown(doc)
    from reconciler.report.text import render_text

    return render_text(doc, colour=has_color(sys.stdout.isatty()))


def has_color(is_terminal: bool) -> bool:
    """Colour only on a terminal, and not where the surroundings ask for none."""
    return is_terminal and wants_color()


def confirmed(question: str) -> bool:
    """Ask on a terminal; only the word `yes` counts."""
    click.echo(f"\n{question} Only 'yes' is accepted: ", nl=False, err=True)
    return sys.stdin.readline().strip() == "yes"
