"""`reconciler validate`: is the workspace right? No network, no state, and data only where asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from reconciler.cli.options import Surroundings, common_options, pass_surroundings
from reconciler.errors import WorkspaceInvalid

if TYPE_CHECKING:
    from reconciler.model.validation import Validation


@click.command("validate", epilog="Example: reconciler -w audiences validate --format github")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="`github` annotates the lines of a pull request. Default: text.",
)
@common_options
@pass_surroundings
def command(surroundings: Surroundings, style: Literal["text", "json", "github"]) -> int:
    """Check a workspace and tell everything that is wrong with it.

    Every problem is told at once, with its file, line and column, and the exit code is 78. Nothing but the workspace's
    YAML is read.
    """
    from reconciler.cli.checkout import in_checkout
    from reconciler.report.validation import render_validation_github, render_validation_json, render_validation_text

    found = _validated(surroundings.root)
    if style == "json":
        click.echo(render_validation_json(found), nl=False)
    elif style == "github":
        click.echo(render_validation_github(found, in_checkout), nl=False)
    elif not found.is_valid:
        raise WorkspaceInvalid(found.problems, untold=found.untold)
    else:
        click.echo(render_validation_text(found))
    return 0 if found.is_valid else WorkspaceInvalid.exit_code


def _validated(root: Path) -> Validation:
    from reconciler.config.load import load
    from reconciler.desired import resolve
    from reconciler.model.validation import Counts, Validation

    try:
        desired = resolve(load(root))
    except WorkspaceInvalid as error:
        return Validation(problems=error.problems, untold=error.untold)
    counts = Counts(
        segments=len(desired.segments),
        lists=sum(len(segment.lists) for segment in desired.segments),
        audiences=len(desired.audiences),
    )
    return Validation(workspace=desired.settings.workspace, counts=counts)
