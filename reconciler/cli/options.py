"""Options that stand before or after a command, and what they amount to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
LogFormat = Literal["text", "json"]
Level = Literal["debug", "info", "warning"]

SETTINGS = "reconciler.yaml"
_USUAL = Path("audiences")


@dataclass(slots=True)
class Surroundings:
    """What the common options say; one object for the whole run, so that they may stand before or after the command."""

    workspace: Path | None = None
    log_format: LogFormat = "text"
    debug: bool = False

    @property
    def root(self) -> Path:
        """The workspace's folder: as asked, else `audiences` if it holds `reconciler.yaml`, else where we are."""
        if self.workspace is not None:
            return self.workspace
        return _USUAL if (_USUAL / SETTINGS).is_file() else Path()

    def tell(self, message: str, *, level: Level = "info") -> None:
        """A sentence on stderr, as JSON where messages are."""
        if self.log_format == "json":
            import json

            message = json.dumps({"level": level, "message": message}, ensure_ascii=False)
        elif level != "info":
            message = f"{level}: {message}"
        click.echo(message, err=True)


pass_surroundings = click.make_pass_decorator(Surroundings, ensure=True)


def common_options(command: Command) -> Command:
    """The options that every command has, and the group too."""
    return _workspace(_log_format(_debug(command)))


def _set_workspace(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.ensure_object(Surroundings).workspace = value


def _set_log_format(ctx: click.Context, _: click.Parameter, value: LogFormat | None) -> None:
    if value is not None:
        ctx.ensure_object(Surroundings).log_format = value


def _set_debug(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        ctx.ensure_object(Surroundings).debug = True


_workspace = click.option(
    "-w",
    "--workspace",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    expose_value=False,
    callback=_set_workspace,
    help="The workspace's folder. Default: ./audiences if it holds reconciler.yaml, else the current folder.",
)
_log_format = click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    expose_value=False,
    callback=_set_log_format,
    is_eager=True,
    help="How messages on stderr are written. Default: text.",
)
_debug = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    callback=_set_debug,
    is_eager=True,
    help="Log every call to Criteo on stderr: method, path, status, duration and what is left of the rate.",
)
