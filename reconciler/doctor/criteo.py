"""Credentials, token, version, advertiser, rights, rate and clock: whether Criteo lets us in, and how far.

A right is told by what Criteo answers to a call that needs it and changes nothing. There is none for the right to
manage campaigns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.config.environment import read_credentials
from reconciler.criteo.client import CriteoClient
from reconciler.criteo.connect import connect
from reconciler.criteo.versions import SUPPORT
from reconciler.doctor.checks import failed, ok, skipped, tried, warning, words_of
from reconciler.doctor.rights import RIGHTS, rights
from reconciler.errors import NotAuthorised, ReconcilerError, VersionEnded
from reconciler.model.checkup import Check
from reconciler.model.figures import Application, Rate
from reconciler.model.settings import Credentials, Criteo
from reconciler.plan.guards import SKEW, check_clock

NEAR = dt.timedelta(minutes=1)
"""How far the clocks may be apart without a word."""

SCARCE = 0.1
"""The share of the rate below which others seem to be using it up."""

_TOLD = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a workspace asks of Criteo: what is usual, and no advertiser, where there is no workspace."""

    criteo: Criteo
    advertiser: str | None
    ad_sets: tuple[str, ...]


def at_criteo(asked: Asked, today: dt.date) -> Iterator[Check]:
    """What stands between us and Criteo, in the order in which one thing needs another."""
    credentials = tried(read_credentials)
    if isinstance(credentials, ReconcilerError):
        yield failed("credentials", credentials)
        yield _version(asked.criteo.api_version, today)
        yield from _none_of(("token", "app", "advertiser", *RIGHTS, "rate", "clock"), "there are no credentials")
        return
    yield ok("credentials", f"an id and a secret are set, for {credentials.api_url}")
    yield from _with(credentials, asked, today)


def _with(credentials: Credentials, asked: Asked, today: dt.date) -> Iterator[Check]:
    connected = tried(lambda: connect(credentials, asked.criteo, asked.advertiser or "", read_only=True))
    if isinstance(connected, ReconcilerError):
        yield from _no_token(connected, asked, today)
        return
    with connected as client:
        lifetime = tried(client.sign_in)
        if isinstance(lifetime, ReconcilerError):
            yield from _no_token(lifetime, asked, today)
            return
        yield ok("token", f"Criteo gives one, for {lifetime / 60:.0f} minutes")
        yield from _let_in(client, asked, today)
        yield _rate(client.rate(), asked.criteo.calls_per_minute)
        yield _clock(client.skew())


def _no_token(why: ReconcilerError, asked: Asked, today: dt.date) -> Iterator[Check]:
    yield failed("token", why)
    yield _version(asked.criteo.api_version, today)
    yield from _none_of(("app", "advertiser", *RIGHTS, "rate", "clock"), "there is no access token")


def _let_in(client: CriteoClient, asked: Asked, today: dt.date) -> Iterator[Check]:
    app = tried(client.application)
    if isinstance(app, VersionEnded):
        yield failed("version", _with_way_out(app, asked.criteo.api_version, today))
        yield from _none_of(("app", "advertiser", *RIGHTS), "the version has ended")
        return
    yield _version(asked.criteo.api_version, today)
    yield _app(app)
    allowed = tried(client.advertisers)
    check, advertiser = _advertiser(allowed, asked.advertiser)
    yield check
    if advertiser is None:
        yield from _none_of(RIGHTS, "no advertiser has let the app in that they could be tried on")
    else:
        yield from rights(client.of_advertiser(advertiser), asked.ad_sets, has_workspace=asked.advertiser is not None)


def _with_way_out(ended: VersionEnded, version: str, today: dt.date) -> VersionEnded:
    """The same with the versions to change to, as far as we know them."""
    living = [each for each in sorted(SUPPORT) if each != version and not SUPPORT[each].is_over(today)]
    stable = [each for each in living if not SUPPORT[each].is_candidate(today)]
    if not (stable or living):
        return VersionEnded(ended.summary, ended.detail, "Install a newer version of reconciler.")
    chosen = " or ".join(f'"{each}"' for each in stable or living)
    return VersionEnded(
        ended.summary, ended.detail, f"Set `criteo: {{ api_version: … }}` in reconciler.yaml to {chosen}."
    )


def _none_of(names: tuple[str, ...], why: str) -> Iterator[Check]:
    return (skipped(name, why) for name in names)


def _app(app: Application | ReconcilerError) -> Check:
    if isinstance(app, NotAuthorised):
        return failed("app", app)
    if isinstance(app, ReconcilerError):
        return skipped("app", f"Criteo does not tell which one it is: {words_of(app)}")
    number = f", id {app.id}" if app.id else ""
    return ok("app", f'"{app.name}"{number}')


def _version(version: str, today: dt.date) -> Check:
    support = SUPPORT.get(version)
    if support is None:
        return skipped("version", f"nothing is known of how long Criteo supports {version}")
    until = f"{version} is supported until {support.ends} ({support.source})"
    newer = ", ".join(each for each in sorted(SUPPORT) if each > version and not SUPPORT[each].is_candidate(today))
    way_out = f": set `criteo: {{ api_version: … }}` in reconciler.yaml to {newer}" if newer else ""
    if support.is_over(today):
        return warning("version", f"{version} was supported until {support.ends} ({support.source}){way_out}")
    if support.is_deprecated(today):
        return warning("version", f"{until}, and is deprecated by now{way_out}")
    if support.is_candidate(today):
        return warning("version", f"{version} may still change before it is stable, about {support.stable}")
    return ok("version", until)


def _advertiser(allowed: frozenset[str] | ReconcilerError, wanted: str | None) -> tuple[Check, str | None]:
    """The check, and the advertiser that rights can be tried on."""
    if isinstance(allowed, ReconcilerError):
        return failed("advertiser", allowed), None
    told = sorted(allowed)
    those = ", ".join(told[:_TOLD]) + (f" and {len(told) - _TOLD} more" if len(told) > _TOLD else "")
    if wanted in allowed:
        return ok("advertiser", f"{wanted} has let the app in"), wanted
    if wanted is None and told:
        return ok("advertiser", f"the app is let in by {those}"), told[0]
    error = NotAuthorised(
        f"{wanted or 'No advertiser'} has not let the app in."
        if told or wanted
        else "No advertiser has let the app in.",
        f"It is let in by {those}." if told else "It is let in by nobody.",
        "Check `advertiser:` in reconciler.yaml, and have the advertiser give its consent in Criteo's partner portal.",
    )
    return failed("advertiser", error), None


def _rate(rate: Rate | None, ours: int) -> Check:
    if rate is None:
        return skipped("rate", "Criteo does not tell what is left")
    of = f" of {rate.limit:,}" if rate.limit else ""
    left = f"{rate.left:,}{of} calls are left in this minute"
    if rate.limit and ours > rate.limit:
        return warning("rate", f"{left}; `calls_per_minute: {ours}` in reconciler.yaml is more than Criteo allows")
    if rate.limit and rate.left < rate.limit * SCARCE:
        return warning("rate", f"{left}: another program uses the same app; lower `calls_per_minute` or wait")
    return ok("rate", left)


def _clock(skew: dt.timedelta | None) -> Check:
    if skew is None:
        return skipped("clock", "Criteo does not tell the time")
    refused = tried(lambda: check_clock(dt.datetime.now(dt.UTC), None, skew))
    if isinstance(refused, ReconcilerError):
        return failed("clock", refused)
    if abs(skew) > NEAR:
        side = "ahead of" if skew > dt.timedelta() else "behind"
        off = f"this machine's is {abs(skew).total_seconds():,.0f} seconds {side} Criteo's"
        return warning("clock", f"{off}; from {SKEW.total_seconds() / 60:.0f} minutes on, a plan is refused")
    return ok("clock", "this machine's is near Criteo's")
