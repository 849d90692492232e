"""`reconciler show`: what a resource is once everything is resolved, or a plan that was kept."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import click

from reconciler.cli.completion import resources_or_files
from reconciler.cli.options import Surroundings, common_options, pass_surroundings

Style = Literal["text", "json", "yaml", "markdown"]


@click.command("show", epilog="Example: reconciler -w audiences show segment.cart-abandoners.hot")
@click.argument("what", metavar="[ADDRESS|KEY|PLANFILE]", required=False, shell_complete=resources_or_files)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "yaml", "markdown"]),
    default="text",
    help="markdown is for plans alone. Default: text.",
)
@common_options
@pass_surroundings
def command(surroundings: Surroundings, what: str | None, style: Style) -> None:
    """Show what a segment, slice, audience or ad set is, with everything resolved.

    Windows are written out, references followed, defaults filled in; it says what each is called at Criteo, which
    segments, audiences and ad sets use it, and in which line it is written. Without an argument: the whole workspace on
    a page. A PLANFILE is what `plan --format json` printed. Reads the YAML alone: no data, no network.
    """
    if what is not None and (what.endswith(".json") or "/" in what):
        click.echo(_plan(Path(what), style).rstrip("\n"))
        return
    from reconciler.config.load import load
    from reconciler.report.shown import Shower

    if style == "markdown":
        raise click.UsageError("--format markdown is for plans; show one by its file: `reconciler show plan.json`.")
    shower = Shower.of(load(surroundings.root))
    document = shower.overview() if what is None else shower.show(what)
    click.echo(_rendered(document, style, is_overview=what is None).rstrip("\n"))


def _rendered(document: dict[str, Any], style: Style, *, is_overview: bool) -> str:
    if style == "json":
        return json.dumps(document, indent=2, ensure_ascii=False, default=_number)
    if style == "yaml":
        from reconciler.scaffold.write import as_yaml

        return as_yaml(document)
    from reconciler.cli.console import has_color
    from reconciler.report.showing import render_overview, render_shown

    render = render_overview if is_overview else render_shown
    return render(document, colour=has_color(sys.stdout.isatty()))


def _number(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


def _plan(path: Path, style: Style) -> str:
    """A kept plan in a format. Raises ReconcilerError where the file is none."""
    from reconciler.errors import Usage
    from reconciler.report.document import FORMAT_VERSION

    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        detail = f"{path}: {error.strerror or type(error).__name__}"
        raise Usage(
            "The plan can't be read.", detail, "Keep one: `reconciler plan --format json > plan.json`."
        ) from None
    except ValueError:
        document = None
    version = document.get("format_version") if isinstance(document, dict) else None
    if not isinstance(document, dict) or "resources" not in document or version != FORMAT_VERSION:
        why = (
            f"its format is {version}, ours is {FORMAT_VERSION}"
            if isinstance(version, str)
            else "it holds something else"
        )
        raise Usage("The file is no plan.", f"{path}: {why}.", "Keep one: `reconciler plan --format json > plan.json`.")
    return _rendered_plan(document, style)


def _rendered_plan(document: dict[str, Any], style: Style) -> str:
    if style == "markdown":
        from reconciler.report.markdown import render_markdown

        return render_markdown(document)
    if style == "text":
        from reconciler.cli.console import has_color
        from reconciler.report.text import render_text

        return render_text(document, colour=has_color(sys.stdout.isatty()))
    return _rendered(document, style, is_overview=False)
