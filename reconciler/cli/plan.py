"""`reconciler plan`: what an apply would do. Changes nothing, takes no lock."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from reconciler.cli.options import Surroundings, common_options, pass_surroundings
from reconciler.cli.parameters import as_of_option

if TYPE_CHECKING:
    from reconciler.cli.console import PlanFormat
    from reconciler.plan.changes import Plan

CHANGES, BLOCKED = 2, 3


@click.command("plan", epilog="Example: reconciler -w audiences plan --as-of 2026-11-21T18:00:00Z --format markdown")
@as_of_option
@click.option(
    "--format", "style", type=click.Choice(["text", "json", "markdown"]), default="text", help="Default: text."
)
@click.option("--detailed-exitcode", is_flag=True, help="End with 2 when structure would change or has drifted.")
@click.option("--include-members", is_flag=True, help="With --detailed-exitcode: also when members would move.")
@click.option("--show-sql", is_flag=True, help="Print the SQL that computed the members instead of the plan.")
@common_options
@pass_surroundings
def command(  # noqa: PLR0917 - one parameter an option
    surroundings: Surroundings,
    as_of: dt.datetime | None,
    style: PlanFormat,
    detailed_exitcode: bool,
    include_members: bool,
    show_sql: bool,
) -> int:
    """Show what an apply would do, and change nothing.

    Compares the workspace with Criteo and with who belongs now. Ends with 3 when a guard stops something of it.
    """
    from reconciler import run, views
    from reconciler.cli.console import rendered
    from reconciler.cli.progress import planning
    from reconciler.config.environment import in_ci, read_credentials

    if include_members and not detailed_exitcode:
        raise click.UsageError("--include-members goes with --detailed-exitcode.")

    setting = run.set_up(surroundings.root, read_credentials(), as_of=as_of, may_begin=not in_ci())
    with planning(lambda tell: run.planned(setting, tell=tell, with_sizes=not show_sql)) as made:
        text = made.members.session.sql() if show_sql else rendered(made.plan, style, views.inspected(setting, made))
        click.echo(text.rstrip("\n"))
        return _code(made.plan, detailed=detailed_exitcode, with_members=include_members)


def _code(plan: Plan, *, detailed: bool, with_members: bool) -> int:
    if plan.blocks:
        return BLOCKED
    drifted = any(each.drift for each in plan.resources)
    changes = plan.changes_structure or drifted or (with_members and plan.moves_members)
    return CHANGES if detailed and changes else 0
