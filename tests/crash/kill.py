"""Kill applies at every moment of their lives, and see that Criteo's lists are never lost sight of.

    python -m tests.crash.kill --runs 200 [--out FILE]

kills so many processes, two at a time, and prints the table of phases.
"""

# ruff: noqa: T201 - a script that prints its table

from __future__ import annotations

import argparse
import os
import platform
import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from tests.crash.aims import AIMS, ANY_TIME, MEMBERS, ONLY_FIRST, ONLY_LATER, SLOW, Shot
from tests.crash.disk import Disk
from tests.crash.scene import WRITES, Request, Scene, scene
from tests.crash.shop import Shop

SMALL, LARGE = 1_500, 140_000
"""Customers: enough for every list, and enough for a list of several batches."""

PHASES = (
    "before the first request",
    "while planning",
    "journal written, nothing sent",
    *WRITES.values(),
    "first batch of members",
    "between two answers",
    "after the last answer",
    "writing the ledger",
    "snapshot replaced",
    "run over",
)
IN_DOUBT = frozenset(PHASES[2:-2])
"""Phases between the first journal entry and the replacing of the snapshot."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """What is killed and when: one aim a kill; `begun` says whether an apply has gone well before."""

    aims: tuple[str, ...]
    begun: bool
    seed: int
    customers: int = SMALL


@dataclass(kw_only=True)
class Kill:
    """One killed process and what was found at its death."""

    aim: str
    phase: str
    was_alive: bool
    locked: bool
    beyond_state: int
    """Identifiers at Criteo that neither the ledger nor the journal knows: the promise is that there are none."""
    beyond_ledger: int
    """Identifiers at Criteo that the journal alone knows."""
    dropped: int = 0
    """Identifiers in doubt that nobody wanted any more when the next run came."""


@dataclass(kw_only=True)
class Ending:
    """What the apply after the last kill came to."""

    exit_code: int
    converged: bool
    recorded: bool
    """Whether ledger and lists agree, and nothing is in doubt any more."""
    took_over: bool
    kills: list[Kill] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Beginning:
    """A world to start from, how many writes an undisturbed apply of it makes, and the shop as it was then."""

    folder: Path
    shop: Shop
    writes: int


Beginnings = Mapping[bool, Beginning]


def rehearse(folder: Path, customers: int) -> Beginnings:
    """Make the two beginnings: an empty world, and one in which an apply has gone well."""
    shop = Shop.opened(customers, customers)
    later = deepcopy(shop)
    _move_on(later)
    empty, begun = folder / "empty", folder / "begun"
    empty.mkdir(parents=True)
    _rehearsed(begun, shop)
    shutil.copytree(begun, folder / "second")
    return {
        False: Beginning(folder=empty, shop=shop, writes=_rehearsed(folder / "first", later)),
        True: Beginning(folder=begun, shop=shop, writes=_rehearsed(folder / "second", later)),
    }


def _rehearsed(folder: Path, shop: Shop) -> int:
    """Apply undisturbed; answers how many requests changed something."""
    with scene(folder) as world:
        assert world.apply(shop) == 0, world.stderr()
        return len(world.writes())


def play(story: Story, beginning: Beginning, folder: Path) -> Ending:
    """Kill, move data and clock, and so on; at the end one apply that is left alone."""
    shutil.copytree(beginning.folder, folder, dirs_exist_ok=True)
    shop = deepcopy(beginning.shop)
    shop.chance.seed(story.seed)
    chance = random.Random(story.seed)  # noqa: S311 - seeded on purpose
    kills: list[Kill] = []
    with scene(folder) as world:
        for number, aim in enumerate(story.aims):
            _move_on(shop)
            kill = _kill(aim, world, shop, chance, None if number else beginning.writes)
            kills.append(kill)
            doubt = world.disk().doubt
            _move_on(shop)
            wanted = shop.lists()
            kill.dropped = sum(len(members - wanted.get(name, frozenset())) for name, members in doubt.items())
        exit_code = world.apply(shop)
        return _ending(exit_code, world, shop, kills)


def _move_on(shop: Shop) -> None:
    shop.grown = True
    shop.move(2)


def _kill(aim: str, world: Scene, shop: Shop, chance: random.Random, writes: int | None) -> Kill:
    before = world.disk()
    world.http.delete("/emulator/faults")
    world.slow(SLOW)
    process = world.start(shop)
    open_before = len(before.open_journals)
    AIMS[aim](Shot(scene=world, process=process, chance=chance, open_before=open_before, writes=writes))
    process.send_signal(signal.SIGKILL)
    was_alive = process.wait() == -signal.SIGKILL
    disk, requests, held = world.disk(), world.requests(), world.lists()
    beyond = _beyond(held, disk)
    world.settle()
    later = world.lists()
    return Kill(
        aim=aim,
        phase=phase(before, disk, requests, writes),
        was_alive=was_alive,
        locked=disk.locked,
        beyond_state=max(beyond, _beyond(later, disk)),
        beyond_ledger=sum(len(members - disk.ledger.get(name, set())) for name, members in later.items()),
    )


def _beyond(held: Mapping[str, frozenset[str]], disk: Disk) -> int:
    return sum(len(members - disk.covered(name)) for name, members in held.items())


def phase(before: Disk, disk: Disk, requests: Iterable[Request], writes: int | None) -> str:
    """What a process was doing when it died, told from what it left on disk and at Criteo.

    `writes` are the requests that a whole run of it makes, where that is known.
    """
    requests = list(requests)
    if disk.journal > before.journal:
        return "snapshot replaced" if disk.locked else "run over"
    if not set(disk.open_journals) - set(before.open_journals):
        return "while planning" if requests else "before the first request"
    sent = [each for each in requests if each["operation"] in WRITES]
    if disk.ledger_begun:
        return "writing the ledger"
    if not sent:
        return "journal written, nothing sent"
    return _sending(sent, writes)


def _sending(sent: list[Request], writes: int | None) -> str:
    waiting = [each for each in sent if each["status"] is None]
    batches = [each for each in sent if each["operation"] == MEMBERS]
    last = (waiting or sent)[-1]
    if not waiting and writes is not None and len(sent) >= writes:
        return "after the last answer"
    if last["operation"] != MEMBERS:
        return WRITES[last["operation"]]
    if not any(each["status"] is not None for each in batches):
        return "first batch of members"
    return WRITES[MEMBERS] if waiting else "between two answers"


def _ending(exit_code: int, world: Scene, shop: Shop, kills: list[Kill]) -> Ending:
    wanted = {name: members for name, members in shop.lists().items() if members}
    held = {name: members for name, members in world.lists().items() if members}
    disk = world.disk()
    ledger = {name: members for name, members in disk.ledger.items() if members}
    return Ending(
        exit_code=exit_code,
        converged=held == wanted,
        recorded=ledger == held and not disk.doubt and not disk.open_journals and not disk.locked,
        took_over="Took over the lock" in world.stderr(),
        kills=kills,
    )


def verdict(ending: Ending) -> list[str]:
    """What is wrong with an ending: nothing."""
    last = ending.kills[-1]
    said = "said" if ending.took_over else "did not say"
    wrong = {
        f"exit code {ending.exit_code}": ending.exit_code != 0,
        "a list holds somebody whom neither ledger nor journal knows": any(k.beyond_state for k in ending.kills),
        "the lists are not the membership": not ending.converged,
        "the ledger is not what the lists hold": not ending.recorded,
        f"the lock of the dead: {last.locked}, and the next run {said} so": last.locked != ending.took_over,
    }
    return [what for what, is_so in wrong.items() if is_so]


def stories(seed: int) -> Iterator[Story]:
    """Stories without end: aims in turn, short moments more often, every fourth with two kills, a few large."""
    chance = random.Random(seed)  # noqa: S311 - seeded on purpose
    late = ["last_answer", "ledger", "snapshot_replaced", "between_batches", "any_batch"]
    for number, aim in enumerate(cycle([*AIMS, *late])):
        begun = aim in ONLY_LATER or (aim not in ONLY_FIRST and chance.random() < 0.5)
        again = (chance.choice(ANY_TIME),) if number % 4 == 3 else ()
        size = LARGE if number % 12 == 7 else SMALL
        yield Story(aims=(aim, *again), begun=begun, seed=seed + number, customers=size)


def main() -> None:
    """Play many stories, two at a time, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200, help="how many processes to kill")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--out", type=Path, help="write the table here as well")
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        endings = _play_until(options.runs, stories(options.seed), Path(folder))
    text = table(endings, time.monotonic() - begun)
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")


def _play_until(kills: int, told: Iterator[Story], folder: Path) -> list[Ending]:
    """Play stories until so many processes were killed; one that had ended by itself does not count."""
    beginnings = {size: rehearse(folder / str(size), size) for size in (SMALL, LARGE)}

    def played(story: Story) -> Ending:
        place = folder / f"story-{story.seed}"
        ending = play(story, beginnings[story.customers][story.begun], place)
        print(story, [kill.phase for kill in ending.kills], verdict(ending) or "", flush=True)
        shutil.rmtree(place)
        return ending

    endings: list[Ending] = []
    with ThreadPoolExecutor(2) as pool:
        while (left := kills - len(_killed(endings))) > 0:
            endings += pool.map(played, list(islice(told, (left + 1) // 2)))
    return endings


def _killed(endings: list[Ending]) -> list[tuple[Kill, Ending]]:
    return [(kill, ending) for ending in endings for kill in ending.kills if kill.was_alive]


HEADING = """\
# Applies killed with SIGKILL

{kills} kills on {day}, {machine}, in {minutes:.0f} minutes: `python -m tests.crash.kill --runs {kills}`.
{in_doubt} of them ({share:.0%}) fell between the first journal entry and the replacing of the snapshot (marked *).

Held: at the moment of death, and once more when the dead client's last requests had had their effect, every identifier
on every list was in the ledger or in the journal. Converged: data and clock moved on, and after one apply every list
was the membership as a plain Python loop works it out, the ledger said the same, nothing was in doubt, and where a lock
had been left, that apply took it over and said so. Every fourth story has two kills before that apply.

| phase | kills | held | converged | on lists, known to the journal alone | in doubt, no longer wanted |
|---|---:|---:|---:|---:|---:|"""


def table(endings: list[Ending], seconds: float) -> str:
    """The phases in the order of a run's life, as Markdown."""
    rows = _killed(endings)
    phases = Counter(kill.phase for kill, _ in rows)
    in_doubt = sum(phases[name] for name in IN_DOUBT)
    lines = [
        HEADING.format(
            kills=len(rows),
            day=f"{datetime.now(UTC):%Y-%m-%d}",
            machine=f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
            minutes=seconds / 60,
            in_doubt=in_doubt,
            share=in_doubt / len(rows),
        )
    ]
    for name in PHASES:
        here = [(kill, ending) for kill, ending in rows if kill.phase == name]
        held = sum(not kill.beyond_state for kill, _ in here)
        converged = sum(not verdict(ending) for _, ending in here)
        alone, dropped = (sum(getattr(kill, what) for kill, _ in here) for what in ("beyond_ledger", "dropped"))
        mark = " *" if name in IN_DOUBT else ""
        lines.append(f"| {name}{mark} | {len(here)} | {held} | {converged} | {alone:,} | {dropped:,} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
