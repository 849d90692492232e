"""The command line: the only place that prints, asks or exits. Commands are imported when they are called for."""

from __future__ import annotations

import importlib
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

import click

from reconciler import __version__
from reconciler.cli.boundary import guarded
from reconciler.cli.options import Surroundings, common_options

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "init": "Write a new workspace into DIR, or into this folder.",
    "validate": "Check a workspace and tell everything that is wrong with it.",
    "fmt": "Put files of YAML into the one form.",
    "lint": "Say what is valid and better done otherwise.",
    "test": "Run the tests of the workspace.",
    "plan": "Show what an apply would do, and change nothing.",
    "apply": "Carry out what plan shows.",
    "sync": "Move the members by the definitions that were applied last.",
    "explain": "Say what a segment or an audience asks, or why somebody is in it or not.",
    "audit": "Count what is wrong with the identifiers of the source.",
    "overlap": "Show who is in several lists or audiences at once.",
    "show": "Show what a segment, slice, audience or ad set is, with everything resolved.",
    "status": "Show how things stand: what each list holds, what Criteo makes of it, and when that was.",
    "state": "Look at the state, or break its lock.",
    "doctor": "Say whether everything is there that a run needs, a line for each.",
    "emulator": "Serve a pretend Criteo on this machine.",
    "demo": "Watch the whole story on a made-up shop and a pretend Criteo.",
    "schema": "Print the JSON Schema called NAME, or without it the names that there are.",
    "completion": "Print what SHELL needs to complete commands, options and the names of your workspace.",
}
"""Each command with its short help, which is here so that `--help` imports none of them."""


class _LazyGroup(click.Group):
    """Knows the names of its commands, and imports `reconciler.cli.NAME` when one is called for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            if ctx.resilient_parsing:  # a shell asks what could follow
                return None
            ctx.fail(f"There is no command {cmd_name!r}.{_nearest(cmd_name)}")
        command: click.Command = importlib.import_module(f"reconciler.cli.{cmd_name}").command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, without importing them, and what every command completes."""
        from click.shell_completion import CompletionItem

        found = [CompletionItem(name, help=COMMANDS[name]) for name in COMMANDS if name.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def invoke(self, ctx: click.Context) -> Any:
        """Click would answer Ctrl-C with an empty line on stderr, which no reader of JSON lines expects."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.Abort from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the same
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, COMMANDS, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="To begin: reconciler init. Example: reconciler -w audiences validate",
)
@click.version_option(__version__, prog_name="reconciler", message="%(prog)s %(version)s")
@common_options
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Audiences as code for Criteo: YAML in git, a plan to review, an apply that keeps its word."""
    from reconciler.cli.log import heard

    ctx.with_resource(heard(ctx.ensure_object(Surroundings)))


def main() -> NoReturn:
    """Run the command line and end the process with an exit code that scripts can rely on."""
    signal.signal(signal.SIGTERM, _terminate)
    surroundings = Surroundings()
    sys.exit(guarded(lambda: _run(surroundings), surroundings))


def _run(surroundings: Surroundings) -> Any:
    return cli.main(prog_name="reconciler", standalone_mode=False, obj=surroundings)


def _terminate(_: int, __: FrameType | None) -> NoReturn:
    raise SystemExit(128 + signal.SIGTERM)
