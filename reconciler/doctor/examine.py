"""Everything that a run needs, in one go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from reconciler import views
from reconciler.actual import refresh
from reconciler.config.environment import in_ci, read_credentials
from reconciler.config.load import load
from reconciler.criteo.connect import connect
from reconciler.desired import Desired, resolve
from reconciler.doctor.checks import failed, ok, skipped, tried, warning
from reconciler.doctor.criteo import Asked, at_criteo
from reconciler.doctor.state import state_checks
from reconciler.errors import ReconcilerError, StateError, WorkspaceInvalid
from reconciler.model.checkup import Check, Checkup, Standing
from reconciler.model.settings import Criteo
from reconciler.model.workspace import Workspace

_NONE = "there is no workspace here: name one with -w, or make one with `reconciler init`"


def examine(root: Path | None, today: dt.date, tell: Callable[[str], None] = lambda _: None) -> Checkup:
    """Look at all of it. `root` None: there is no workspace, and what needs none is looked at."""
    read = tried(lambda: _read(root)) if root is not None else None
    workspace, desired = read if isinstance(read, tuple) else (None, None)
    tell("Asking Criteo")
    checks = [_workspace(read), *at_criteo(_asked(desired), today)]
    if workspace is None or desired is None:
        why = "there is no workspace" if root is None else "the workspace can't be read"
        return Checkup(checks=(*checks, *(skipped(name, why) for name in ("state", "lock", "source"))))
    known = any(each.name == "read audiences" and each.standing is Standing.OK for each in checks)
    checks += state_checks(desired.settings, in_ci=in_ci(), lost=lambda: _lost(desired) if known else None)
    tell("Reading the source")
    return Checkup(checks=(*checks, _source(workspace)))


def _read(root: Path) -> tuple[Workspace, Desired]:
    workspace = load(root)
    return workspace, resolve(workspace)


def _workspace(read: tuple[Workspace, Desired] | ReconcilerError | None) -> Check:
    if read is None:
        return skipped("workspace", _NONE)
    if isinstance(read, WorkspaceInvalid):
        # The whole list of problems is more than a line.
        told = WorkspaceInvalid(read.problems[:1], untold=read.untold + len(read.problems) - 1)
        told.hint += " `reconciler validate` tells all of it."
        return failed("workspace", told)
    if isinstance(read, ReconcilerError):
        return failed("workspace", read)
    return ok("workspace", f"{read[1].settings.workspace} is valid")


def _asked(desired: Desired | None) -> Asked:
    if desired is None:
        return Asked(criteo=Criteo(), advertiser=None, ad_sets=())
    ad_sets = sorted({ad_set for audience in desired.audiences for ad_set in audience.ad_sets})
    return Asked(criteo=desired.settings.criteo, advertiser=desired.settings.advertiser, ad_sets=tuple(ad_sets))


def _lost(desired: Desired) -> ReconcilerError | None:
    """What a plan would say of what is at Criteo, where there is no state."""
    settings = desired.settings
    with connect(read_credentials(), settings.criteo, settings.advertiser, read_only=True) as client:
        found = tried(lambda: refresh(client, desired, None))
    return found if isinstance(found, StateError) else None


def _source(workspace: Workspace) -> Check:
    found = tried(lambda: views.fitted(workspace))
    if isinstance(found, ReconcilerError):
        return failed("source", found)
    if found:
        more = f"; {len(found) - 1} more: reconciler validate --data" if len(found) > 1 else ""
        return warning("source", f"{found[0]}{more}")
    return ok("source", "tables and columns are there, and what definitions name occurs")
