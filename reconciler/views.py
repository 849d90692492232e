"""What commands look at without state and credentials: the first stages, and one question about what they give.

Nothing here prints, asks or ends the process.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reconciler.config.environment import read_engine_access
from reconciler.config.load import load
from reconciler.desired import Desired, resolve
from reconciler.errors import Problem
from reconciler.explain.clock import Moment
from reconciler.explain.explain import Answer, explain, sql
from reconciler.lint.inspection import Inspection, inspect
from reconciler.lint.registry import Registry, load_rules
from reconciler.lint.subject import Subject
from reconciler.membership.audit import audit
from reconciler.membership.compute import computed
from reconciler.membership.finding import Sought
from reconciler.membership.fitting import check_fit
from reconciler.membership.inspecting import Choice, inspection
from reconciler.membership.overlap import overlap
from reconciler.model.audit import Audit
from reconciler.model.membership import Membership
from reconciler.model.overlap import Overlap
from reconciler.model.workspace import Workspace
from reconciler.plan.ask import ask
from reconciler.run import Planned, Setting, Tell, read
from reconciler.state.open import open_store
from reconciler.testing.judge import run_tests
from reconciler.testing.selection import selected
from reconciler.testing.verdicts import Verdicts


def fitted(workspace: Workspace, tell: Tell = lambda _: None) -> tuple[Problem, ...]:
    """How the source fits a workspace: no state, no credentials. Raises SourceInvalid where a plan would."""
    definitions = [segment.definition for segment in resolve(workspace).segments]
    return check_fit(workspace, definitions, dt.datetime.now(dt.UTC), read_engine_access(), tell)


def audited(root: Path) -> Audit:
    """Stages 1 and 2, and a look at the identifiers of the source: no state, no credentials."""
    desired = read(root)
    return audit(desired.settings, desired.columns, read_engine_access())


def overlapping(root: Path, choice: Choice, *, as_of: dt.datetime | None, tell: Tell = lambda _: None) -> Overlap:
    """Stages 1 to 3, and who is in several lists and audiences at once: no state, no credentials."""
    subject = Subject.of(load(root))
    chosen = replace(choice, purchases=choice.purchases or subject.purchases)
    moment = as_of or dt.datetime.now(dt.UTC)
    return overlap(inspection(subject.desired, moment, chosen, access=read_engine_access(), report=tell))


def explained(
    root: Path, name: str, sought: Sought | None, *, as_of: dt.datetime | None, tell: Tell = lambda _: None
) -> Answer:
    """Stages 1 to 3, and why somebody belongs or how many do: no state, no credentials."""
    return explain(load(root), name, sought, _moment(as_of, tell))


def explained_sql(root: Path, name: str, *, as_of: dt.datetime | None, tell: Tell = lambda _: None) -> str:
    """Stages 1 to 3, and the SQL that computes a segment or the lists of an audience."""
    return sql(load(root), name, _moment(as_of, tell))


def _moment(as_of: dt.datetime | None, tell: Tell) -> Moment:
    return Moment(as_of=as_of or dt.datetime.now(dt.UTC), access=read_engine_access(), report=tell)


def linted(
    root: Path, registry: Registry, *, with_data: bool, as_of: dt.datetime | None, tell: Tell = lambda _: None
) -> Inspection:
    """Stages 1 and 2, with data stage 3, and a look of every rule: no state, no credentials."""
    subject = Subject.of(load(root))
    membership = _counted(subject.desired, as_of or dt.datetime.now(dt.UTC), tell) if with_data else None
    return inspect(replace(subject, membership=membership), registry)


def inspected(setting: Setting, made: Planned) -> Inspection:
    """What lint says of what was planned. It goes by the plan's own figures, and decides nothing."""
    membership = made.plan.membership
    return inspect(Subject(workspace=setting.workspace, desired=setting.desired, membership=membership), load_rules())


def _counted(desired: Desired, as_of: dt.datetime, tell: Tell) -> Membership:
    """What belongs to every list, as if nothing had been sent yet."""
    settings = desired.settings
    with computed(
        settings,
        desired.columns,
        ask(desired, None),
        as_of,
        store=open_store(settings),
        snapshot=None,
        staging=None,
        access=read_engine_access(),
        apart=desired.disputed,
        aims=desired.aims,
        report=tell,
    ) as members:
        return members.session.membership


def tested(root: Path, selection: Sequence[str]) -> Verdicts:
    """Stage 1, and the workspace's own tests: no data, no state, no credentials."""
    workspace = load(root)
    return run_tests(workspace, selected(workspace.tests, selection))
