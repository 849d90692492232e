"""`reconciler test`: the tests that stand in the workspace. No network, no data, no state."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from reconciler.cli.completion import segments, subjects
from reconciler.cli.options import Surroundings, common_options, pass_surroundings

if TYPE_CHECKING:
    from reconciler.testing.verdicts import Verdicts

Style = Literal["text", "json", "junit"]
FAILED = 1


@click.command("test", epilog="Example: reconciler -w audiences test --select 'cart*' --junit report.xml")
@click.option(
    "--select",
    "selected",
    multiple=True,
    metavar="NAME",
    shell_complete=subjects,
    help="Run only tests of this name, or about this segment or audience; `*` stands for anything. May be repeated.",
)
@click.option("--format", "style", type=click.Choice(["text", "json", "junit"]), default="text", help="Default: text.")
@click.option(
    "--junit",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write JUnit's XML for the build server to this file as well.",
)
@click.option("--watch", is_flag=True, help="Run again whenever a file of the workspace changes, until Ctrl-C.")
@click.option(
    "--suggest",
    metavar="SEGMENT",
    shell_complete=segments,
    help="Print a first test for a segment instead: somebody who meets everything, and for each condition somebody who "
    "just fails it.",
)
@common_options
@pass_surroundings
def command(  # noqa: PLR0917 - one parameter an option
    surroundings: Surroundings,
    selected: tuple[str, ...],
    style: Style,
    junit: Path | None,
    watch: bool,
    suggest: str | None,
) -> int:
    """Run the tests of the workspace.

    Each test gives a few people and their events and says who belongs then. They run offline, on the embedded engine,
    through the same compiler as plan. Ends with 1 when a test fails.
    """
    if suggest is not None:
        if watch or selected or junit is not None or style != "text":
            raise click.UsageError("--suggest goes with no other option.")
        return _suggest(surroundings, suggest)
    if watch:
        from reconciler.cli.watching import watched

        return watched(surroundings, lambda: _run(surroundings, selected, style, junit))
    return _run(surroundings, selected, style, junit)


def _run(surroundings: Surroundings, selected: tuple[str, ...], style: Style, junit: Path | None) -> int:
    from reconciler import views
    from reconciler.report.tests import render_tests_junit

    found = views.tested(surroundings.root, selected)
    click.echo(_rendered(found, style).rstrip("\n"))
    if junit is not None:
        junit.write_text(render_tests_junit(found), encoding="utf-8")
    return FAILED if found.failed else 0


def _suggest(surroundings: Surroundings, segment: str) -> int:
    from reconciler.config.load import load
    from reconciler.report.suggestion import render_suggestion
    from reconciler.testing.suggest import suggested_for

    suggestion, tables = suggested_for(load(surroundings.root), segment, dt.datetime.now(dt.UTC))
    click.echo(render_suggestion(suggestion, tables).rstrip("\n"))
    return 0


def _rendered(found: Verdicts, style: Style) -> str:
    from reconciler.cli.console import has_color
    from reconciler.report import tests

    if style == "json":
        return tests.render_tests_json(found)
    if style == "junit":
        return tests.render_tests_junit(found)
    if not found.verdicts:
        return "The workspace has no tests. `reconciler test --suggest SEGMENT` prints a first one."
    return tests.render_tests(found, colour=has_color(sys.stdout.isatty()))
