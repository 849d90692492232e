"""`reconciler fmt`: one form for every file of YAML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options import Surroundings, common_options, pass_surroundings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.scaffold.form import Formatted


@click.command("fmt", epilog="Example: reconciler -w audiences fmt --check --diff")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; end with 1 when a file is not in the form.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@common_options
@pass_surroundings
def command(surroundings: Surroundings, paths: tuple[Path, ...], check: bool, diff: bool) -> int:
    """Put files of YAML into the one form.

    PATHS are files and folders; without them it is the whole workspace. Two spaces a level, one blank line at most,
    double quotes where there are quotes. Comments, the order of keys and what stands in brackets stay as they are, and
    a file never says anything else afterwards. Prints the files that are not in the form.
    """
    from reconciler.scaffold.form import formatted, save

    changed = formatted(paths or (surroundings.root,))
    _tell(changed, diff=diff)
    if not (check or diff):
        for each in changed:
            save(each)
    count = f"{len(changed)} file{'' if len(changed) == 1 else 's'}"
    if changed and check:
        surroundings.tell(f"{count} to put into the form; run `reconciler fmt` to do so.")
    return 1 if changed and check else 0


def _tell(changed: Sequence[Formatted], *, diff: bool) -> None:
    """Print each file's name, or what changes in it."""
    from difflib import unified_diff

    from reconciler.config.files import display

    for each in changed:
        name = display(each.path)
        lines = each.before.splitlines(), each.after.splitlines()
        said = "\n".join(unified_diff(*lines, f"{name} (now)", f"{name} (formed)", lineterm="")) if diff else name
        click.echo(said or f"{name}: nothing but line ends")
