"""The page of a rule, and the list of all rules, as Markdown: made from the rules, so that it can't say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.lint.rule import Rule

_READS = {
    "workspace": "It looks at the workspace alone.",
    "data": "It looks only where the data is read: in `plan`, and in `lint` with `--data`.",
    "both": "It looks at the workspace, and finds more where the data is read: in `plan`, and in `lint` with `--data`.",
}


def page(rule: Rule) -> str:
    """Everything a rule says about itself."""
    return "\n\n".join(_parts(rule)) + "\n"


def _parts(rule: Rule) -> Iterator[str]:
    yield f"# {rule.id} {rule.name}"
    yield f"{rule.what} Severity: {rule.severity.value}. {_READS[rule.reads]}"
    yield f"## Why\n\n{rule.why}"
    yield f"## What to do\n\n{rule.instead}"
    if rule.wrong:
        yield f"Found:\n\n```yaml\n{rule.wrong}\n```"
    if rule.right:
        yield f"Better:\n\n```yaml\n{rule.right}\n```"
    yield f"## Settings\n\n{_settings(rule)}"
    if rule.sources:
        yield "## Where the facts come from\n\n" + "\n".join(f"- {source}" for source in rule.sources)


def _settings(rule: Rule) -> str:
    keys = " ".join(f"`lint.{key}`" if key != "schedule" else "`schedule`" for key in rule.settings)
    own = f"It goes by {keys} in `reconciler.yaml`. " if keys else ""
    return (
        f"{own}`lint: {{ severity: {{ {rule.name}: … }} }}` weighs it otherwise; "
        f"`lint: {{ ignore: {{ {rule.name}: the reason }} }}` on a segment, on an audience or in `reconciler.yaml` "
        f"ignores it, and plan shows the reason."
    )


def index(rules: Iterable[Rule]) -> str:
    """The rules as a table, each with a link to its page."""
    rows = [f"| [{rule.id}]({rule.id}.md) | `{rule.name}` | {rule.severity.value} | {rule.what} |" for rule in rules]
    return "\n".join(("| id | name | severity | finds |", "|---|---|---|---|", *rows))
