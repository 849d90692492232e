"""`reconciler lint`: what is valid and better done otherwise. No network but the engine's, no credentials, no state."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

import click
from click.shell_completion import CompletionItem

from reconciler.cli.completion import addresses as addresses_of_workspace
from reconciler.cli.options import Surroundings, common_options, pass_surroundings
from reconciler.cli.parameters import as_of_option

if TYPE_CHECKING:
    from reconciler.lint.inspection import Inspection
    from reconciler.lint.registry import Registry
    from reconciler.lint.rule import Finding, Rule

Style = Literal["text", "json", "github"]


def _complete_rule(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The names and the ids of all rules."""
    from reconciler.lint.registry import load_rules

    named = [(name, each.rule.what) for each in load_rules().rules for name in (each.rule.name, each.rule.id)]
    return [CompletionItem(name, help=what) for name, what in named if name.startswith(incomplete)]


@click.command("lint", epilog="Example: reconciler -w audiences lint --data --format github")
@click.option("--data", is_flag=True, help="Read the source too: some rules go by how many there are.")
@as_of_option
@click.option("--format", "style", type=click.Choice(["text", "json", "github"]), default="text", help="Default: text.")
@click.option(
    "--select",
    "addresses",
    multiple=True,
    metavar="ADDRESS",
    shell_complete=addresses_of_workspace,
    help="Only findings about it, such as segment.winback or 'audience.*'. May be given several times.",
)
@click.option(
    "--rule",
    "rules",
    multiple=True,
    metavar="RULE",
    shell_complete=_complete_rule,
    help="Only this rule, by id, name or the beginning of ids. May be given several times.",
)
@click.option("--strict", is_flag=True, help="End with 1 for warnings too.")
@click.option(
    "--explain",
    "explained",
    metavar="RULE",
    shell_complete=_complete_rule,
    help="Print the page of a rule, by id or name, and look at nothing.",
)
@common_options
@pass_surroundings
def command(  # noqa: PLR0917 - one parameter an option
    surroundings: Surroundings,
    data: bool,
    as_of: dt.datetime | None,
    style: Style,
    addresses: tuple[str, ...],
    rules: tuple[str, ...],
    strict: bool,
    explained: str | None,
) -> int:
    """Say what is valid and better done otherwise.

    Ends with 1 when a finding is an error. Neither credentials nor a state are needed, nothing is sent to Criteo, and
    without --data nothing but the workspace's YAML is read.
    """
    from reconciler import views
    from reconciler.cli.progress import busy
    from reconciler.lint.registry import load_rules

    if as_of is not None and not data:
        raise click.UsageError("--as-of goes with --data: without data there is no clock.")
    registry = load_rules()
    if explained is not None:
        click.echo(_page(explained, registry).rstrip("\n"))
        return 0
    chosen = _chosen(rules, registry)
    with busy("Reading the workspace") as tell:
        found = views.linted(surroundings.root, registry, with_data=data, as_of=as_of, tell=tell)
    if addresses:
        _refuse_unknown(addresses, surroundings)
    shown = _narrowed(found, chosen, addresses)
    click.echo(_rendered(shown, style), nl=False)
    return _code(shown, strict=strict)


def _page(word: str, registry: Registry) -> str:
    from reconciler.lint.pages import page

    rule = registry.find(word)
    if rule is None:
        raise click.BadParameter(f"there is no rule {word!r}{registry.nearest(word)}", param_hint="--explain")
    return page(rule)


def _chosen(words: tuple[str, ...], registry: Registry) -> tuple[Rule, ...]:
    """The rules that are meant; all of them where none are named."""
    for word in words:
        if not registry.knows(word):
            raise click.BadParameter(f"there is no rule {word!r}{registry.nearest(word)}", param_hint="--rule")
    known = tuple(each.rule for each in registry.rules)
    return tuple(rule for rule in known if any(rule.is_among(word) for word in words)) if words else known


def _refuse_unknown(patterns: tuple[str, ...], surroundings: Surroundings) -> None:
    """An address that is nobody's would read like a clean workspace."""
    from difflib import get_close_matches

    from reconciler.config.glance import glance

    names = glance(surroundings.root)
    keys = [f"segment.{key}" for key in (*names.segments, *names.lists)]
    known = ["workspace", *keys, *(f"audience.{key}" for key in names.audiences)]
    for pattern in patterns:
        if not any(_meets(address, pattern) for address in known):
            close = get_close_matches(pattern, known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise click.BadParameter(f"nothing has the address {pattern!r}{hint}", param_hint="--select")


def _narrowed(found: Inspection, rules: tuple[Rule, ...], addresses: tuple[str, ...]) -> Inspection:
    ids = {rule.id for rule in rules}

    def is_asked_for(each: Finding) -> bool:
        return each.rule in ids and (not addresses or any(_meets(each.address, pattern) for pattern in addresses))

    return replace(
        found,
        findings=tuple(each for each in found.findings if is_asked_for(each)),
        ignored=tuple(each for each in found.ignored if is_asked_for(each.finding)),
    )


def _meets(address: str, pattern: str) -> bool:
    return fnmatchcase(address, pattern) or address.startswith(f"{pattern}.")


def _rendered(found: Inspection, style: Style) -> str:
    from reconciler.cli.checkout import in_checkout
    from reconciler.cli.console import has_color
    from reconciler.report.lint import render_lint_github, render_lint_json, render_lint_text

    if style == "text":
        return render_lint_text(found, colour=has_color(sys.stdout.isatty()))
    return render_lint_json(found) if style == "json" else render_lint_github(found, in_checkout)


def _code(found: Inspection, *, strict: bool) -> int:
    from reconciler.model.lint import Severity

    severities = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return int(any(each.severity in severities for each in found.findings))
