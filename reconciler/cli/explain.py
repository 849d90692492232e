"""`reconciler explain`: what does a segment ask, and why is somebody in it or not? Nothing is sent."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Literal

import click

from reconciler.cli.completion import subjects
from reconciler.cli.options import Surroundings, common_options, pass_surroundings
from reconciler.cli.parameters import as_of_option

if TYPE_CHECKING:
    from reconciler.explain.explain import Answer
    from reconciler.membership.finding import Sought

_TYPES = ("email", "phoneNumber")


@click.command("explain", epilog="Example: reconciler -w audiences explain cart-abandoners --email ann@example.com")
@click.argument("names", nargs=-1, metavar="SEGMENT|AUDIENCE", shell_complete=subjects)
@click.option("--email", metavar="ADDRESS", help="Explain whoever holds this e-mail address, cleaned as for sending.")
@click.option("--phone", metavar="NUMBER", help="Explain whoever holds this telephone number.")
@click.option("--key", metavar="KEY", help="Explain the customer with this key.")
@click.option(
    "--identifier", metavar="TYPE=VALUE", help="The same by type, email or phoneNumber; also by its digest in hex."
)
@as_of_option
@click.option("--sql", is_flag=True, help="Print the SQL that computes the segment instead.")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text", help="Default: text.")
@common_options
@pass_surroundings
def command(  # noqa: PLR0917 - one parameter an option
    surroundings: Surroundings,
    names: tuple[str, ...],
    email: str | None,
    phone: str | None,
    key: str | None,
    identifier: str | None,
    as_of: dt.datetime | None,
    sql: bool,
    style: Literal["text", "json"],
) -> None:
    """Say what a segment or an audience asks, or why somebody is in it or not.

    Alone: its conditions in plain English, how many people meet each of them, how many are left after it, and how many
    more would belong without it. With a person: in or out, condition by condition with the events that decided, since
    when and until when, what denies them, and what becomes of their identifiers.

    Nothing that was asked for is repeated, and no identifier is shown. Neither credentials nor a state are needed, and
    nothing is sent to Criteo. Ends with 1 when nobody has that key or identifier.
    """
    from reconciler import views
    from reconciler.cli.progress import busy

    if len(names) != 1:
        raise click.UsageError("Name one segment or audience; say who by --email, --phone, --key or --identifier.")
    sought = _sought(email, phone, key, identifier)
    if sql and (sought is not None or style == "json"):
        raise click.UsageError("--sql goes with a segment or an audience alone.")
    as_of = as_of or dt.datetime.now(dt.UTC)
    with busy("Reading the workspace") as tell:
        if sql:
            text = views.explained_sql(surroundings.root, names[0], as_of=as_of, tell=tell)
        else:
            answer = views.explained(surroundings.root, names[0], sought, as_of=as_of, tell=tell)
            text = _rendered(answer, as_of, style)
            _tell_also(answer, surroundings)
    click.echo(text.rstrip("\n"))


def _tell_also(answer: Answer, surroundings: Surroundings) -> None:
    if answer.also is not None:
        surroundings.tell(f"This is the segment; for the audience of that name say {answer.also}.")


def _rendered(answer: Answer, as_of: dt.datetime, style: Literal["text", "json"]) -> str:
    from reconciler.cli.console import has_color
    from reconciler.report.explaining import render_explanation, render_explanation_json

    if style == "json":
        return render_explanation_json(answer.told, as_of)
    return render_explanation(answer.told, as_of, colour=has_color(sys.stdout.isatty()))


def _sought(email: str | None, phone: str | None, key: str | None, identifier: str | None) -> Sought | None:
    from reconciler.membership.finding import Sought

    given = [
        *([Sought(value=email, type="email")] if email is not None else []),
        *([Sought(value=phone, type="phoneNumber")] if phone is not None else []),
        *([Sought(value=key)] if key is not None else []),
        *([_typed(identifier)] if identifier is not None else []),
    ]
    if len(given) > 1:
        raise click.UsageError("Say one of --email, --phone, --key and --identifier.")
    return given[0] if given else None


def _typed(identifier: str) -> Sought:
    """The value is not repeated in the message: it may be somebody's."""
    from reconciler.membership.finding import Sought

    of, equals, value = identifier.partition("=")
    if not equals or of not in _TYPES:
        raise click.UsageError("--identifier is written TYPE=VALUE, with the type email or phoneNumber.")
    return Sought(value=value, type="email" if of == "email" else "phoneNumber")
