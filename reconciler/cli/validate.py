"""`reconciler validate`: is the workspace right? No network, no state, and data only where asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from reconciler.cli.options import Surroundings, common_options, pass_surroundings
from reconciler.errors import Problem, SourceInvalid, WorkspaceInvalid

if TYPE_CHECKING:
    from reconciler.model.validation import Validation
    from reconciler.model.workspace import Workspace


@click.command("validate", epilog="Example: reconciler -w audiences validate --data --format github")
@click.option(
    "--data",
    "with_data",
    is_flag=True,
    help="Look at the source too: its tables and columns, and whether what definitions mention ever occurs.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="`github` annotates the lines of a pull request. Default: text.",
)
@common_options
@pass_surroundings
def command(surroundings: Surroundings, with_data: bool, style: Literal["text", "json", "github"]) -> int:
    """Check a workspace and tell everything that is wrong with it.

    Every problem is told at once, with its file, line and column, and the exit code is 78. Nothing but the workspace's
    YAML is read. With --data the source is read as well; neither credentials nor a state are needed, and nothing is
    sent to Criteo.
    """
    from reconciler.cli.checkout import in_checkout
    from reconciler.report.validation import render_validation_github, render_validation_json, render_validation_text

    found = _validated(surroundings.root, with_data=with_data, raises=style == "text")
    if style == "json":
        click.echo(render_validation_json(found), nl=False)
    elif style == "github":
        click.echo(render_validation_github(found, in_checkout), nl=False)
    elif not found.is_valid:
        raise WorkspaceInvalid(found.problems, untold=found.untold)
    else:
        for problem in found.problems:
            surroundings.tell(str(problem))
        click.echo(render_validation_text(found))
    return 0 if found.is_valid else WorkspaceInvalid.exit_code


def _validated(root: Path, *, with_data: bool, raises: bool) -> Validation:
    """What there is to tell; a source that can't be looked at is an error of its own where it `raises`."""
    from reconciler.config.load import load
    from reconciler.desired import resolve
    from reconciler.model.validation import Counts, Validation

    try:
        workspace = load(root)
    except WorkspaceInvalid as error:
        return Validation(problems=error.problems, untold=error.untold)
    desired = resolve(workspace)
    counts = Counts(
        segments=len(desired.segments),
        lists=sum(len(segment.lists) for segment in desired.segments),
        audiences=len(desired.audiences),
        criteo_segments=len(workspace.criteo_segments),
    )
    problems = _about_data(workspace, raises=raises) if with_data else ()
    name = workspace.settings.workspace
    return Validation(workspace=name, counts=counts, with_data=with_data, problems=problems)


def _about_data(workspace: Workspace, *, raises: bool) -> tuple[Problem, ...]:
    from reconciler import views
    from reconciler.cli.progress import busy

    try:
        with busy("Reading the source") as tell:
            return views.fitted(workspace, tell)
    except SourceInvalid as error:
        if raises:
            raise
        nowhere = Problem("", 0, 0, "", " ".join(str(error).splitlines()))
        return error.problems or (nowhere,)
