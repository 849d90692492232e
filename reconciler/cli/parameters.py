"""Values of options: clocks and waiting times."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import Any

import click

_SECONDS = {"s": 1, "m": 60, "h": 3600}


class Moment(click.ParamType[Any]):
    """An ISO 8601 time; without a zone it is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        if isinstance(value, dt.datetime):
            return value
        try:
            moment = dt.datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time; write it as 2026-11-21T18:00:00Z.", param, ctx)
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


class Seconds(click.ParamType[Any]):
    """A waiting time such as `60s` or `5m`, in seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        match = re.fullmatch(r"([0-9]+)([smh])", value)
        if match is None:
            self.fail(f"{value!r} is no duration; write it as 60s, 5m or 1h.", param, ctx)
        return float(int(match[1]) * _SECONDS[match[2]])


class Share(click.ParamType[Any]):
    """A percentage, as an exact fraction."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        if isinstance(value, Fraction):
            return value
        match = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)%", value)
        if match is None or Fraction(match[1]) > 100:
            self.fail(f"{value!r} is no share; write it as 5% or 0.5%.", param, ctx)
        return Fraction(match[1]) / 100


as_of_option = click.option(
    "--as-of",
    type=Moment(),
    metavar="TIME",
    help="The clock of membership, such as 2026-11-21T18:00:00Z. Default: now.",
)
lock_timeout_option = click.option(
    "--lock-timeout",
    type=Seconds(),
    default="0s",
    metavar="DURATION",
    help="How long to wait for another writer, such as 60s. Default: not at all.",
)
