"""`reconciler audit`: how good are the identifiers? No network but the engine's, no credentials, no state."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import click

from reconciler.cli.options import Surroundings, common_options, pass_surroundings
from reconciler.cli.parameters import Share

TOO_MUCH = 3


@click.command("audit", epilog="Example: reconciler -w audiences audit --fail-over 5%")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="Default: text.")
@click.option(
    "--fail-over",
    type=Share(),
    metavar="SHARE",
    help="End with 3 when a column loses more, such as 5%. Default: never.",
)
@common_options
@pass_surroundings
def command(surroundings: Surroundings, style: Literal["text", "json"], fail_over: Fraction | None) -> int:
    """Count what is wrong with the identifiers of the source.

    Shows what is found in the values as they stand, what is left out after normalisation and why, and what the invalid
    ones look like, masked: letters as a, digits as 9. No value is shown. Neither credentials nor a state are needed,
    and nothing is sent to Criteo.
    """
    from reconciler import views
    from reconciler.cli.progress import busy
    from reconciler.report.audit import percent, render_audit_json, render_audit_text

    with busy("Reading the source"):
        found = views.audited(surroundings.root)
    click.echo((render_audit_json(found) if style == "json" else render_audit_text(found)).rstrip("\n"))
    over = [column for column in found.columns if fail_over is not None and column.lost > fail_over]
    for column in over:
        surroundings.tell(f"{column.table}.{column.column} loses {percent(column.lost)} of what is not blank.")
    return TOO_MUCH if over else 0
