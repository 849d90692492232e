"""The state folder: whether it is ours, whole and writable, and who is at work on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from reconciler.doctor.checks import failed, ok, tried, warning
from reconciler.errors import ReconcilerError, StateError
from reconciler.model.checkup import Check
from reconciler.model.settings import Settings
from reconciler.state.local import LocalStore
from reconciler.state.lock import Lock
from reconciler.state.open import open_store
from reconciler.state.snapshot import Snapshot


def state_checks(
    settings: Settings, *, in_ci: bool, lost: Callable[[], ReconcilerError | None] = lambda: None
) -> Iterator[Check]:
    """State and lock. `lost` is asked where there is no state: whether Criteo holds what only a state could know."""
    store = open_store(settings)
    yield _state(store, settings, in_ci=in_ci, lost=lost)
    yield _lock(tried(store.holder))


def _state(store: LocalStore, settings: Settings, *, in_ci: bool, lost: Callable[[], ReconcilerError | None]) -> Check:
    snapshot = tried(lambda: _read(store, settings))
    written = tried(store.check_writable)
    error = next((each for each in (snapshot, written) if isinstance(each, ReconcilerError)), None)
    if error is not None:
        return failed("state", error)
    if isinstance(snapshot, Snapshot):
        held = sum(record.count for record in snapshot.lists.values())
        lists, audiences = _count(len(snapshot.lists), "list"), _count(len(snapshot.audiences), "audience")
        lineage = f"lineage {snapshot.lineage}"
        return ok("state", f"{store.root} is readable and writable: {lineage}, {lists} of {held:,}, {audiences}")
    missing = lost()
    if missing is not None:
        return failed("state", missing)
    if in_ci:
        hint = "Bring it back; if nothing was ever applied, run `reconciler apply --init-state`."
        where = f"Looked for it in {store.root}."
        return failed("state", StateError("There is none, and a build server forgets its disk.", where, hint))
    return ok("state", f"there is none yet in {store.root}, which is writable: the first apply makes it")


def _read(store: LocalStore, settings: Settings) -> Snapshot | None:
    snapshot = store.read(settings.workspace)
    if snapshot is not None:
        store.check_whole(snapshot)
    if snapshot is not None and snapshot.advertiser != settings.advertiser:
        raise StateError(
            "The state belongs to another advertiser.",
            f"It holds the lists of {snapshot.advertiser}, this workspace is for {settings.advertiser}.",
            "Put `advertiser:` back, or give the new one a `state:` of its own.",
        )
    return snapshot


def _lock(held: tuple[Lock, str | None] | ReconcilerError | None) -> Check:
    if isinstance(held, ReconcilerError):
        return failed("lock", held)
    if held is None:
        return ok("lock", "nobody is at work")
    lock, why_free = held
    if why_free is not None:
        return warning("lock", f"left by {lock}, and {why_free}: the next run takes it over")
    return warning("lock", f"{lock} is at work; if it is surely dead: reconciler state unlock {lock.id}")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
