"""`reconciler status`: how things stand."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

import click

from reconciler.cli.options import Surroundings, common_options, pass_surroundings

if TYPE_CHECKING:
    from reconciler.errors import NotAuthorised
    from reconciler.model.settings import Credentials


@click.command("status", epilog="Example: reconciler -w audiences status --format json")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="Default: text.")
@common_options
@pass_surroundings
def command(surroundings: Surroundings, style: Literal["text", "json"]) -> None:
    """Show how things stand: what each list holds, what Criteo makes of it, and when that was.

    A table of every list with what the ledger holds, Criteo's counts with their age, and Criteo's size; the audiences;
    when the last run was and whether the schedule is late; who is at work; what is in doubt; what of the workspace is
    not applied yet. Asks Criteo for the sizes, and for the counts of some lists, the oldest first; changes nothing.
    Where Criteo can't be asked, the state is shown with a note, and the exit code is 0 all the same.
    """
    from reconciler.cli.progress import busy
    from reconciler.config.environment import in_ci
    from reconciler.report.status import render_status_json, status_document
    from reconciler.status.look import look

    with busy("Asking how things stand"):
        standing = look(surroundings.root, _credentials(), may_begin=not in_ci())
    if style == "json":
        click.echo(render_status_json(standing).rstrip("\n"))
        return
    from reconciler.cli.console import has_color
    from reconciler.report.standing import render_status_text

    click.echo(render_status_text(status_document(standing), colour=has_color(sys.stdout.isatty())).rstrip("\n"))


def _credentials() -> Credentials | NotAuthorised:
    """Who we are at Criteo, or why nobody knows."""
    from reconciler.config.environment import read_credentials
    from reconciler.errors import NotAuthorised

    try:
        return read_credentials()
    except NotAuthorised as error:
        return error
