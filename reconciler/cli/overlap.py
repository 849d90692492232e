"""`reconciler overlap`: who is in several lists or audiences at once? No state, no credentials, nothing is sent."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from typing import Literal

import click

from reconciler.cli.completion import addresses
from reconciler.cli.options import Surroundings, common_options, pass_surroundings
from reconciler.cli.parameters import as_of_option

_USUAL_WIDTH = 100


@click.command("overlap", epilog="Example: reconciler -w audiences overlap --audiences --select 'cart-*' --more-than 2")
@click.option("--segments", is_flag=True, help="Only segments. Default: segments and audiences.")
@click.option("--audiences", is_flag=True, help="Only audiences. Default: segments and audiences.")
@click.option(
    "--select",
    multiple=True,
    metavar="GLOB",
    shell_complete=addresses,
    help="Only what matches, such as 'cart-*' or 'audience.winback*'; may be repeated. Default: all.",
)
@click.option(
    "--exclude", multiple=True, metavar="GLOB", shell_complete=addresses, help="Not what matches; may be repeated."
)
@click.option(
    "--more-than",
    type=click.IntRange(min=0),
    default=1,
    metavar="N",
    help="Count the people who are in more than N audiences. Default: 1.",
)
@click.option(
    "--purchase",
    "purchases",
    multiple=True,
    metavar="KIND",
    help="A kind of event that counts as buying; may be repeated. Default: as lint.purchase says, else by its name.",
)
@as_of_option
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="Default: text.")
@common_options
@pass_surroundings
def command(  # noqa: PLR0917 - one parameter an option
    surroundings: Surroundings,
    segments: bool,
    audiences: bool,
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    more_than: int,
    purchases: tuple[str, ...],
    as_of: dt.datetime | None,
    style: Literal["text", "json"],
) -> None:
    """Show who is in several lists or audiences at once.

    Counts people: for every two lists and every two audiences how many are in both, and how large a share of each that
    is; who is in more than so many audiences; and who has bought since the event that brought them in. Audiences are
    taken as Criteo takes them: on an included list and on no excluded one. Neither credentials nor a state are needed,
    nothing is sent to Criteo, and only counts are shown.
    """
    from reconciler import views
    from reconciler.cli.console import has_color
    from reconciler.cli.progress import busy
    from reconciler.membership.inspecting import Choice
    from reconciler.report.overlap import render_overlap_json, render_overlap_text

    both = segments == audiences
    choice = Choice(
        segments=segments or both,
        audiences=audiences or both,
        select=select,
        exclude=exclude,
        purchases=purchases,
        more_than=more_than,
    )
    with busy("Reading the workspace") as tell:
        found = views.overlapping(surroundings.root, choice, as_of=as_of, tell=tell)
    parts = [part for part, wanted in (("segments", choice.segments), ("audiences", choice.audiences)) if wanted]
    if style == "json":
        text = render_overlap_json(found, parts)
    else:
        width = shutil.get_terminal_size((_USUAL_WIDTH, 24)).columns
        text = render_overlap_text(found, parts, width=width, colour=has_color(sys.stdout.isatty()))
    click.echo(text.rstrip("\n"))
