"""`reconciler sync`: keep the members moving by what was applied."""

from __future__ import annotations

import datetime as dt

import click

from reconciler.cli.options import Surroundings, common_options, pass_surroundings
from reconciler.cli.parameters import as_of_option, lock_timeout_option


@click.command("sync", epilog="Example: reconciler -w audiences sync --lock-timeout 5m")
@as_of_option
@lock_timeout_option
@common_options
@pass_surroundings
def command(surroundings: Surroundings, as_of: dt.datetime | None, lock_timeout: float) -> int:
    """Move the members by the definitions that were applied last.

    For a schedule: no structure is touched; what is merged but not applied yet is noted and waits. Ends with 3 when a
    guard stopped something.
    """
    from reconciler import run
    from reconciler.cli.carrying_out import SYNC, carry_out
    from reconciler.config.environment import in_ci, read_credentials

    setting = run.set_up(surroundings.root, read_credentials(), as_of=as_of, may_begin=not in_ci())
    return carry_out(SYNC, setting, surroundings, wait=lock_timeout, ask=False)
