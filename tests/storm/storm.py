"""A storm: an apply of a random plan while Criteo misbehaves, again and again, until what was asked for is there."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from reconciler.cli import cli
from reconciler.cli.boundary import guarded
from reconciler.cli.options import Surroundings
from reconciler.emulator import create_app, serve
from reconciler.emulator.switches import Switches, switches_of
from tests.emulator.caller import Caller
from tests.storm.changes import Changer
from tests.storm.faults import weather
from tests.storm.formulas import of_criteo, same
from tests.storm.kinds import is_shown
from tests.storm.people import People
from tests.storm.rules import broken_rules
from tests.storm.wishes import Wish

MOST_RUNS = 5
PLENTY = 60_000
"""Calls a minute that Criteo allows here: after a 429 a client goes by the limit that it tells."""
SETTINGS = {
    "version": 1,
    "workspace": "storm",
    "advertiser": "42",
    "source": {
        "customers": {"table": "customers.csv", "key": "customer_id", "identifiers": {"email": "email"}},
        "events": {"table": "events.csv", "customer": "customer_id", "name": "event", "time": "occurred_at"},
    },
    "guards": {"max_gone": "100%", "max_changed": "100%"},
}
SETTLED = {"algebra", "filter_based", "behavioral", "rate_window", "rate_headers", "rate_counts", "match_rate"}
"""Switches that stay as they are: those that bring strangers, and those that change nothing here."""
DEMANDING = {"in_market_ids", "unlisted_ids", "kind_limits", "empty_seed"}
"""Those that refuse for good what is asked for here: no number of runs makes it so."""
BLOCKED = ("any", "blocked_shapes", "builder_rules")
LANDED = 20 * 60
"""Seconds of Criteo's clock after a run: what it does late is done."""
PROCESSED = 13 * 3600
"""Seconds of Criteo's clock after the last run of a plan: what it took in is processed, as it is every twelve hours."""

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One apply: how it ended, how many calls it made, which faults they met, and which rules it broke."""

    code: int
    calls: int
    faults: Counter[str]
    broken: tuple[str, ...]
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Weathered:
    """A random plan, the runs that it took, and what is wrong at the end: nothing."""

    seed: int
    number: int
    runs: tuple[Run, ...]
    wrong: tuple[str, ...]


@dataclass(kw_only=True)
class Sea:
    """One workspace in a folder of its own, the people it is about, and a pretend Criteo."""

    folder: Path
    criteo: Caller
    people: People
    wish: Wish
    seen: int = 0
    """Requests before this number belong to earlier runs."""

    def write(self) -> None:
        """Put the workspace and its data on disk."""
        criteo = {"calls_per_minute": 0, "exclusions": "one_list" if self.wish.one_list else "separate"}
        settings, definitions = (
            yaml.safe_dump({**SETTINGS, "criteo": criteo}),
            yaml.safe_dump(self.wish.yaml(), sort_keys=False),
        )
        (self.folder / "reconciler.yaml").write_text(settings, encoding="utf-8")
        (self.folder / "definitions.yaml").write_text(definitions, encoding="utf-8")
        self.people.write(self.folder)

    def command(self, *words: str) -> tuple[int, str, str]:
        """A command in this process: its exit code, what it printed and what it said beside."""
        surroundings = Surroundings()
        every = [*words, "--as-of", self.people.now.isoformat(), "-w", str(self.folder)]
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            code = guarded(
                lambda: cli.main(every, prog_name="reconciler", standalone_mode=False, obj=surroundings), surroundings
            )
        return code, out.getvalue(), err.getvalue()

    def run(self, faults: list[Document]) -> Run:
        """One apply in bad weather; then the sky clears and what comes late has come."""
        self.criteo.http.post("/emulator/faults", json=faults).raise_for_status()
        code, out, err = self.command("apply", "--auto-approve")
        requests = self.requests()
        self.criteo.http.delete("/emulator/faults").raise_for_status()
        self.criteo.advance(LANDED)
        return Run(
            code=code,
            calls=len(requests),
            faults=Counter(each["fault"] for each in requests if each["fault"]),
            broken=tuple(broken_rules(requests)),
            said=out + err,
        )

    def requests(self) -> list[Document]:
        """What arrived since this was asked last."""
        found: list[Document] = self.criteo.http.get("/emulator/requests", params={"after": self.seen}).json()
        self.seen += len(found)
        return found

    def wrong(self) -> Iterator[str]:
        """What is not as it was asked for."""
        yield from self.wrong_structure()
        wanted = self.wish.lists(self.people)
        for each in self.criteo.http.get("/emulator/segments").json():
            if each["name"] in wanted and set(self.criteo.members(each["id"])) != wanted[each["name"]]:
                yield f"the members of {each['name']}"
        code, _, err = self.command("plan", "--detailed-exitcode", "--include-members")
        self.requests()
        if code:
            yield f"the next plan ends in {code}: {err}"

    def wrong_structure(self) -> Iterator[str]:
        """Which lists and audiences are not as they were asked for, whoever is on them."""
        segments = self.criteo.http.get("/emulator/segments").json()
        yield from _unlike("lists", Counter(each["name"] for each in segments), Counter(self.wish.names()))
        names = {each["id"]: each["name"] for each in segments}
        audiences = self.criteo.http.get("/emulator/audiences").json()
        yield from _unlike("audiences", Counter(each["name"] for each in audiences), self._audience_names())
        found = {each["name"]: (of_criteo(each["algebra"], names), set(each["adSetIds"])) for each in audiences}
        for audience in self.wish.audiences.values():
            wanted = self.wish.formula(audience)
            formula, ad_sets = found.get(audience.name, ("", set()))
            if not same(formula, wanted) or ad_sets != audience.ad_sets:
                yield f"audience {audience.name}: {formula} {ad_sets} and not {wanted} {audience.ad_sets}"
        yield from self._wrong_kinds()

    def _wrong_kinds(self) -> Iterator[str]:
        """Which segments of Criteo's own kinds are not what was asked for."""
        self.criteo.authorize()
        found = self.criteo.search("/audience-segments", {"advertiserIds": ["42"]}, limit=100).json()["data"]
        by_name = {each["attributes"]["name"]: each for each in found}
        names = self.wish.addresses()
        ids = {address: by_name[name]["id"] for address, name in names.items() if name in by_name}
        for segment in self.wish.segments.values():
            shown = by_name.get(segment.name)
            if shown and segment.own and not is_shown(segment.own, shown["attributes"], ids):
                yield f"{segment.name}: {shown['attributes']} and not {segment.own}"

    def _audience_names(self) -> Counter[str]:
        return Counter(each.name for each in self.wish.audiences.values())


def _unlike(what: str, found: Counter[str], wanted: Counter[str]) -> Iterator[str]:
    if found != wanted:
        yield f"{what}: too many {sorted((found - wanted).elements())}, too few {sorted((wanted - found).elements())}"


@contextmanager
def sea(folder: Path, seed: int) -> Iterator[Sea]:
    """A workspace and a Criteo that know nothing of each other yet."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)  # noqa: S311 - seeded on purpose
    people = People(chance=chance)
    people.welcome(60)
    one_list = chance.random() < 0.3
    server = serve(create_app(rate_limit=PLENTY, switches=_switches(chance, blocked=one_list)))
    with server, httpx.Client(base_url=server.url, timeout=30, trust_env=False, verify=False) as http:
        caller = Caller(http=http)
        caller.authorize()
        yield Sea(folder=folder, criteo=caller, people=people, wish=Wish(one_list=one_list), seen=1)


def _switches(chance: random.Random, *, blocked: bool) -> Switches:
    """Any position of every switch that can matter here; shapes of algebra are `blocked` only where we avoid them."""
    turned = {
        name: chance.choice(switch.others)
        for name, switch in switches_of(Switches).items()
        if name not in SETTLED | DEMANDING and chance.random() < 0.5
    }
    return Switches().changed({**turned, **({"algebra": chance.choice(BLOCKED)} if blocked else {})})


def storms(at: Sea, seed: int, plans: int) -> Iterator[Weathered]:
    """One plan after the other, each in bad weather until it is carried out."""
    chance = random.Random(seed)  # noqa: S311 - seeded on purpose
    changer = Changer(wish=at.wish, chance=chance)
    changer.begin()
    for number in range(plans):
        at.write()
        runs = [*_runs(at, chance, chance.uniform(0.1, 0.25))]
        at.criteo.advance(PROCESSED)
        wrong = [*at.wrong()] if not runs[-1].code else [f"exit code {runs[-1].code}"]
        broken = [rule for run in runs for rule in run.broken]
        yield Weathered(seed=seed, number=number, runs=tuple(runs), wrong=(*wrong, *broken))
        at.wish.carried_out()
        changer.change(chance.randint(1, 6))
        at.people.move(chance.choice([1, 3, 9, 30]))


def _runs(at: Sea, chance: random.Random, share: float) -> Iterator[Run]:
    for _ in range(MOST_RUNS):
        run = at.run(weather(chance, share))
        yield run
        if run.code == 0 and not [*at.wrong_structure()]:
            return
