"""`reconciler schema`: the JSON Schemas of what we read and write."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import CompletionItem

from reconciler.cli.options import Surroundings, common_options, pass_surroundings


def _names(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from reconciler.config import editors

    return [CompletionItem(name) for name in editors.names() if name.startswith(incomplete)]


@click.command("schema", epilog="Example: reconciler -w audiences schema --write audiences/.schemas")
@click.argument("name", required=False, shell_complete=_names)
@click.option(
    "--write",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Put the schemas of a workspace's YAML into this folder, for editors; with NAME, that one.",
)
@common_options
@pass_surroundings
def command(surroundings: Surroundings, name: str | None, folder: Path | None) -> None:
    """Print the JSON Schema called NAME, or without it the names that there are.

    `reconciler` is that of reconciler.yaml, `definitions` that of every other file of a workspace; the others are those
    of what we print with `--format json` or keep.

    With --write they go into a folder. Keep it in the workspace, as DIR/.schemas, and commit it: editors then complete
    and explain every key without a network. Write them again after an upgrade.
    """
    from reconciler.config import editors

    if name is not None:
        _check(name)
    if folder is not None:
        _write([name] if name is not None else list(editors.OF_A_WORKSPACE), folder, surroundings.root)
    else:
        click.echo("\n".join(editors.names()) if name is None else editors.text(name).rstrip("\n"))


def _check(name: str) -> None:
    from difflib import get_close_matches

    from reconciler.config import editors
    from reconciler.errors import Usage

    known = editors.names()
    if name not in known:
        close = get_close_matches(name, known, n=1)
        hint = f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(known)}."
        raise Usage("There is no schema of this name.", repr(name), hint)


def _write(names: list[str], folder: Path, root: Path) -> None:
    from reconciler.config import editors
    from reconciler.errors import ReconcilerError

    try:
        paths = editors.write(folder, names)
    except OSError as error:
        raise ReconcilerError("The schemas can't be written.", f"{folder}: {error.strerror}") from None
    for path in paths:
        click.echo(f"Written: {path}")
    silent = list(editors.without_mode_line(root)) if {*editors.OF_A_WORKSPACE} & {*names} else []
    if silent:
        click.echo("\nAn editor finds them by the first line of a file. These have none yet:")
    for path in silent:
        click.echo(f"  {path}\n    {editors.mode_line(path, folder)}")
