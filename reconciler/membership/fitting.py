"""`validate --data`: everything about a source that a plan would refuse, and what a definition waits for in vain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from reconciler.errors import EngineFailed, Problem
from reconciler.membership.engines import open_engine
from reconciler.membership.normalise import Invalid
from reconciler.membership.occurring import Occurrences
from reconciler.membership.preparing import refuse_misdeclared
from reconciler.membership.tables import blame, declare
from reconciler.membership.taking import take
from reconciler.model.definition import Definition
from reconciler.model.settings import EngineAccess
from reconciler.model.workspace import Workspace


def check_fit(
    workspace: Workspace,
    definitions: Iterable[Definition],
    as_of: dt.datetime,
    access: EngineAccess,
    report: Callable[[str], None],
) -> tuple[Problem, ...]:
    """Take the source in as a plan does, and look for what the workspace mentions; no value of a person is told.

    Raises SourceInvalid for data that does not fit or can't be read, EngineFailed when the engine can't.
    """
    settings, columns = workspace.settings, workspace.columns
    declared = declare(settings.root, settings.source)
    paths = [path for each in declared.values() for path in each.paths]
    with open_engine(settings.source, access, paths, ()) as engine:
        try:
            taken = take(engine, settings, declared, columns, definitions, report=report)
            refuse_misdeclared(engine, taken.columns, tuple(Invalid), columns, of="addressed")
            report("Looking for what definitions mention")
            found = Occurrences(engine=engine, relations=taken.relations, mentions=workspace.mentions, as_of=as_of)
            return tuple(sorted(set(found.problems())))
        except EngineFailed:
            blame(engine, declared.values())
            raise
