"""`reconciler state`: what was applied, and the lock."""

from __future__ import annotations

import json

import click

from reconciler.cli.options import Surroundings, common_options, pass_surroundings
from reconciler.state.local import LocalStore
from reconciler.state.snapshot import Snapshot


@click.group("state", epilog="Example: reconciler -w audiences state list")
@common_options
def command() -> None:
    """Look at the state, or break its lock.

    Nothing is sent to Criteo.
    """


@command.command("list", epilog="Example: reconciler -w audiences state list")
@common_options
@pass_surroundings
def list_resources(surroundings: Surroundings) -> None:
    """Print every resource with its id at Criteo and its size, or its kind where Criteo alone knows who is in it."""
    snapshot = _snapshot(surroundings)
    rows = [(address, each.criteo_id, f"{each.count:,}") for address, each in sorted(snapshot.lists.items())]
    rows += [(at, each.criteo_id, each.kind.name if each.kind else "") for at, each in sorted(snapshot.kinds.items())]
    rows += [(address, each.criteo_id, "") for address, each in sorted(snapshot.audiences.items())]
    width = max((len(address) for address, _, _ in rows), default=0)
    for address, criteo_id, count in rows:
        click.echo(f"{address:<{width}}  {criteo_id:>10}  {count:>12}".rstrip())


@command.command("show", epilog="Example: reconciler -w audiences state show | jq .lineage")
@click.option("--statistics", is_flag=True, help="Print what is kept of Criteo's counts instead.")
@common_options
@pass_surroundings
def show(surroundings: Surroundings, statistics: bool) -> None:
    """Print the snapshot as JSON. It holds no identifier."""
    from reconciler.state import format as snapshots
    from reconciler.state import statistics as counts

    snapshot = _snapshot(surroundings)
    kept = _store(surroundings)[0].statistics(snapshot) if statistics else None
    data = counts.encode(kept) if kept else snapshots.encode(snapshot)
    click.echo(json.dumps(json.loads(data), indent=2, ensure_ascii=False))


@command.command("unlock", epilog="Example: reconciler -w audiences state unlock 4f6c…")
@click.argument("lock_id", metavar="ID")
@common_options
@pass_surroundings
def unlock(surroundings: Surroundings, lock_id: str) -> None:
    """Break the lock with this ID.

    The error that met the lock prints its ID. Make sure that its owner is dead.
    """
    lock = _store(surroundings)[0].unlock(lock_id)
    click.echo(f"Broken: {lock}.")


def _store(surroundings: Surroundings) -> tuple[LocalStore, str]:
    from reconciler import run
    from reconciler.state.open import open_store

    settings = run.read(surroundings.root).settings
    return open_store(settings), settings.workspace


def _snapshot(surroundings: Surroundings) -> Snapshot:
    from reconciler.errors import StateError

    store, workspace = _store(surroundings)
    snapshot = store.read(workspace)
    if snapshot is None:
        raise StateError("There is no state.", f"Looked for it in {store.root}.", "Run apply first.")
    return snapshot
