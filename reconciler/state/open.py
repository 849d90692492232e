"""Settings → the store that keeps the workspace's state, and the state that is in it."""

from __future__ import annotations

from reconciler.errors import StateError
from reconciler.model.settings import Settings
from reconciler.state.local import LocalStore
from reconciler.state.snapshot import Snapshot
from reconciler.state.store import StateReader


def open_store(settings: Settings) -> LocalStore:
    """The store that `state:` names: a folder. Nothing is made or read yet."""
    return LocalStore(settings.state)


def read_state(store: StateReader, settings: Settings, *, may_begin: bool) -> Snapshot | None:
    """The workspace's snapshot, or None before the first apply, which `may_begin` allows.

    Raises StateError where the state is missing or can't be read, or belongs to another workspace or advertiser.
    """
    snapshot = store.read(settings.workspace)
    if snapshot is not None and snapshot.advertiser != settings.advertiser:
        raise StateError(
            "The state belongs to another advertiser.",
            f"It holds the lists of {snapshot.advertiser}, this workspace is for {settings.advertiser}.",
            "Put `advertiser:` back, or give the new one a `state:` of its own. Nothing was changed.",
        )
    if snapshot is None and not may_begin:
        raise StateError(
            "There is no state, and this is a build server, which forgets its disk.",
            f"Looked for it in {settings.state}.",
            "Bring back the state folder; if this is the very first apply, run `reconciler apply --init-state`.",
        )
    return snapshot
