"""`reconciler completion`: what a shell needs to complete our commands. And what arguments offer: names of a workspace.

An argument that takes such a name says `shell_complete=segments` (or `lists`, `audiences`, `addresses`, …).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem, get_completion_class

from reconciler.cli.options import Surroundings, common_options

if TYPE_CHECKING:
    from reconciler.config.glance import Names

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]

VARIABLE = "_RECONCILER_COMPLETE"
"""The variable by which a shell asks; click derives it from the program's name."""


@click.command("completion", epilog="Example: reconciler completion bash")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@common_options
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print what SHELL needs to complete commands, options and the names of your workspace.

    To have it in every new shell, add one line to its start-up file:

    \b
      ~/.bashrc                      eval "$(reconciler completion bash)"
      ~/.zshrc (after compinit)      eval "$(reconciler completion zsh)"
      ~/.config/fish/config.fish     reconciler completion fish | source
    """  # noqa: D301 - click's sign for a paragraph that keeps its lines
    kind = get_completion_class(shell)
    if kind is not None:
        click.echo(kind(ctx.find_root().command, {}, "reconciler", VARIABLE).source())


def segments(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The keys of all segments."""
    return _matching(_names(ctx).segments, incomplete)


def lists(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What is published: keys of segments, `KEY.SLICE` of those that are cut."""
    return _matching(_names(ctx).lists, incomplete)


def audiences(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The keys of all audiences."""
    return _matching(_names(ctx).audiences, incomplete)


def addresses(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The addresses of what is made at Criteo: `segment.KEY`, `segment.KEY.SLICE`, `audience.KEY`."""
    return _matching(dict(_addresses(_names(ctx))), incomplete)


def subjects(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The keys of segments and audiences, and `KEY.SLICE`."""
    names = _names(ctx)
    return _matching({**names.audiences, **names.lists, **names.segments}, incomplete)


def resources_or_files(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Subjects and addresses; where none begins so, what the shell finds among files."""
    found = [*subjects(ctx, param, incomplete), *addresses(ctx, param, incomplete)]
    return found or [CompletionItem(incomplete, type="file")]


def _addresses(names: Names) -> Iterator[tuple[str, str]]:
    yield from ((f"segment.{key}", title) for key, title in names.lists.items())
    yield from ((f"audience.{key}", title) for key, title in names.audiences.items())


def _names(ctx: click.Context) -> Names:
    """Of the workspace that the line so far is about."""
    from reconciler.config.glance import glance

    return glance(ctx.ensure_object(Surroundings).root)


def _matching(names: Mapping[str, str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name, help=names[name] or None) for name in sorted(names) if name.startswith(incomplete)]
