"""`reconciler init`: a workspace to begin with."""

from __future__ import annotations

import datetime as dt
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options import Surroundings, common_options, pass_surroundings
from reconciler.cli.parameters import Moment

if TYPE_CHECKING:
    from reconciler.scaffold.proposal import Proposal
    from reconciler.scaffold.workspace import Made

_EMULATORS_ADVERTISER = "42"
_NAME, _NAME_HINT = re.compile(r"[a-z][a-z0-9-]{0,63}"), "a small letter, then small letters, digits or `-`"
_LABEL, _LABEL_HINT = re.compile(r"\S(.*\S)?"), "one line, with no white space at its ends"
_ID, _ID_HINT = re.compile(r"[0-9]+"), "it is a number"


@click.command("init", epilog="Example: reconciler init --from customers.csv --from 'events/*.parquet' --yes")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--workspace-name", metavar="NAME", help="Its stable name. Default: that of the folder.")
@click.option("--advertiser", metavar="ID", help="The advertiser's id at Criteo. Default: 42, the emulator's.")
@click.option("--owner", metavar="TEAM", default="marketing", help="Who answers for the segments. Default: marketing.")
@click.option(
    "--from",
    "sources",
    multiple=True,
    metavar="FILE",
    help="A file of customers or of events, or a glob: .csv, .parquet or .json. Once for each. Default: made-up data.",
)
@click.option("--yes", is_flag=True, help="Ask nothing; take the defaults.")
@click.option("--as-of", type=Moment(), metavar="TIME", help="The clock by which data is fresh. Default: now.")
@common_options
@pass_surroundings
def command(  # noqa: PLR0917 - one parameter an option
    surroundings: Surroundings,
    folder: Path | None,
    workspace_name: str | None,
    advertiser: str | None,
    owner: str,
    sources: tuple[str, ...],
    yes: bool,
    as_of: dt.datetime | None,
) -> None:
    """Write a new workspace into DIR, or into this folder.

    Asks for what no option says. With --from it looks at your files, here alone, and proposes tables, columns and first
    segments; what it is not sure of stands as a question in the YAML. Without, it makes up a small shop, so that there
    is something to plan. Never overwrites a file, and writes all or nothing. Tables of Postgres or Spark are named in
    reconciler.yaml afterwards.
    """
    from reconciler.cli.asking import Asker
    from reconciler.scaffold.names import slug
    from reconciler.scaffold.workspace import Wishes, check_folder, make, save

    root = folder or surroundings.workspace or Path()
    check_folder(root)
    asker = Asker(silent=yes)
    _checked(owner, _LABEL, "--owner", _LABEL_HINT)
    name = _checked(workspace_name, _NAME, "--workspace-name", _NAME_HINT) or asker.ask(
        "Name of the workspace", slug(root.resolve().name)[:64] or "my-audiences", _NAME, _NAME_HINT
    )
    number = _checked(advertiser, _ID, "--advertiser", _ID_HINT) or asker.ask(
        "Id of the advertiser at Criteo", _EMULATORS_ADVERTISER, _ID, _ID_HINT
    )
    if not sources and asker.has_asked:
        sources = tuple(shlex.split(asker.ask("Files of customers and events (none: made-up data)", "", None, "")))
    wishes = Wishes(
        root=root,
        workspace=name,
        advertiser=number,
        owner=owner,
        files=tuple(dict.fromkeys(_below(root, each) for each in sources)),
        as_of=as_of or dt.datetime.now(dt.UTC),
    )
    made = make(wishes)
    save(root, made.files)
    _tell(root, made)


def _checked(value: str | None, pattern: re.Pattern[str], option: str, hint: str) -> str | None:
    if value is not None and not pattern.fullmatch(value):
        raise click.UsageError(f"{option}: {value!r} can't be used: {hint}.")
    return value


def _below(root: Path, name: str) -> str:
    """The name of a file or glob as the workspace says it. Raises Usage for one that lies elsewhere."""
    from reconciler.errors import Usage

    if Path(name).is_dir():
        hint = f"Name its files by a glob in quotes: '{Path(name) / '*.csv'}', say."
        raise Usage("A folder is no file.", f"{name} is a folder.", hint)
    path, base = Path(os.path.abspath(name)), Path(os.path.abspath(root))  # noqa: PTH100 - links stay links, globs globs
    if not path.is_relative_to(base) or path == base:
        hint = f"A workspace reads what lies below it. Move the file to {root / 'data'}, and name it there."
        if not Path(name).is_absolute():
            hint = f"{hint[:-1]}; or make the workspace here: `reconciler init .`."
        raise Usage("A file lies outside of the workspace.", f"{name} is not below {base}.", hint)
    return path.relative_to(base).as_posix()


def _tell(root: Path, made: Made) -> None:
    """What was written, what was found, what is open, and what comes next."""
    place = "" if root == Path() else f" in {root}"
    written = dict.fromkeys(name.partition("/")[0] + "/" if "/" in name else name for name in made.files)
    click.echo(f"Wrote {', '.join(written)}{place}.\n")
    for line in _found(made.proposal):
        click.echo(line)
    if made.unignored:
        click.echo(f"\n.gitignore is there already; add to it: {', '.join(made.unignored)}")
    if made.proposal.questions:
        click.echo("\nOnly you can answer these; each stands as QUESTION in reconciler.yaml, and nothing waits for it:")
        for _, question in made.proposal.questions:
            click.echo(f"  - {question}")
    click.echo(f"\n{_next(root)}")


def _found(proposal: Proposal) -> Iterator[str]:
    each = proposal.customers
    identifiers = " and ".join(f"`{column}`" for column in (*each.emails, *each.phones))
    form = f" ({each.hashed.upper()})" if each.hashed else ""
    yield f"{each.table.name}: {each.table.rows:,} customers by `{each.key}`, identified by {identifiers}{form}"
    for events in proposal.events:
        what = f"named by `{events.name}`" if events.name else f"each a `{events.kinds[0]}`"
        yield f"{events.table.name}: {events.table.rows:,} events by `{events.customer}` at `{events.time}`, {what}"


def _next(root: Path) -> str:
    command = "reconciler" if root in (Path(), Path("audiences")) else f"reconciler -w {shlex.quote(str(root))}"
    return f"""\
Next:
  {command} validate    is all of it right?
  {command} test        do the segments hold who they should?
  {command} show        what is there, and where is it written?
  {command} plan        who would be sent? Needs CRITEO_CLIENT_ID and CRITEO_CLIENT_SECRET
To rehearse without Criteo, run `reconciler emulator` in another terminal; it says what to set."""
