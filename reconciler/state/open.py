"""Settings → the store that keeps the workspace's state."""

from __future__ import annotations

from reconciler.model.settings import Settings
from reconciler.state.local import LocalStore


def open_store(settings: Settings) -> LocalStore:
    """The store that `state:` names: a folder. Nothing is made or read yet."""
    return LocalStore(settings.state)
