"""`reconciler apply`: make it so."""

from __future__ import annotations

import datetime as dt
import sys

import click

from reconciler.cli.options import Surroundings, common_options, pass_surroundings
from reconciler.cli.parameters import as_of_option, lock_timeout_option


@click.command("apply", epilog="Example: reconciler -w audiences apply --auto-approve --lock-timeout 60s")
@as_of_option
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@lock_timeout_option
@click.option("--init-state", is_flag=True, help="This is the first apply: begin a new state, also on a build server.")
@common_options
@pass_surroundings
def command(
    surroundings: Surroundings, as_of: dt.datetime | None, auto_approve: bool, lock_timeout: float, init_state: bool
) -> int:
    """Carry out what plan shows.

    Plans again, asks, restricts before it loosens, and records what was done. Safe to run again at any time. Ends with
    3 when a guard stopped something, with 6 when not everything was done.
    """
    from reconciler import run
    from reconciler.cli.carrying_out import APPLY, carry_out
    from reconciler.config.environment import in_ci, read_credentials
    from reconciler.errors import Usage

    if not auto_approve and not sys.stdin.isatty():
        raise Usage("apply has nobody to ask.", "There is no terminal.", "Review the plan, then pass --auto-approve.")
    may_begin = init_state or not in_ci()
    setting = run.set_up(surroundings.root, read_credentials(), as_of=as_of, may_begin=may_begin)
    return carry_out(APPLY, setting, surroundings, wait=lock_timeout, ask=not auto_approve)
