"""`reconciler validate`: is the workspace right? No network, no data, no state."""

from __future__ import annotations

import click

from reconciler.cli.options import Surroundings, common_options, pass_surroundings


@click.command("validate", epilog="Example: reconciler -w audiences validate")
@common_options
@pass_surroundings
def command(surroundings: Surroundings) -> None:
    """Check a workspace and tell everything that is wrong with it.

    Every problem is told at once, with its file, line and column, and the exit code is 78. Nothing but the workspace's
    YAML is read.
    """
    from reconciler.config.load import load
    from reconciler.desired import resolve

    desired = resolve(load(surroundings.root))
    lists = sum(len(segment.lists) for segment in desired.segments)
    counts = (
        _count(len(desired.segments), "published segment"),
        _count(lists, "list"),
        _count(len(desired.audiences), "audience"),
    )
    click.echo(f"Workspace {desired.settings.workspace} is valid: {', '.join(counts)}.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
