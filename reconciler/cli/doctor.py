"""`reconciler doctor`: whether everything is there that a run needs. Changes nothing."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Literal

import click

from reconciler.cli.options import SETTINGS, Surroundings, common_options, pass_surroundings


@click.command("doctor", epilog="Example: reconciler -w audiences doctor --format json")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="Default: text.")
@common_options
@pass_surroundings
def command(surroundings: Surroundings, style: Literal["text", "json"]) -> int:
    """Say whether everything is there that a run needs, a line for each.

    Looks at the workspace, credentials and token, the version of Criteo's API, the advertiser's consent, the app's
    rights, the rate limit and the clocks, the state and its lock, and the source. Nothing is changed anywhere, and what
    fails keeps nothing else from being looked at. It works without a workspace and without a network, as far as it can.

    Ends with the code that a run would end with.
    """
    from reconciler.cli.console import has_color
    from reconciler.cli.progress import busy
    from reconciler.doctor.examine import examine
    from reconciler.report.checkup import render_checkup_json, render_checkup_text

    is_there = surroundings.workspace is not None or (surroundings.root / SETTINGS).is_file()
    with busy("Reading the workspace") as tell:
        found = examine(surroundings.root if is_there else None, _today(), tell)
    if style == "json":
        click.echo(render_checkup_json(found), nl=False)
    else:
        click.echo(render_checkup_text(found, colour=has_color(sys.stdout.isatty())), nl=False)
    return found.exit_code


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
