"""An overlap as JSON, and as text: the largest overlaps first, then as much of the matrix as fits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from reconciler.model.address import Address, Two
from reconciler.model.overlap import Matrix, Overlap
from reconciler.report.style import Paint, painter

FORMAT_VERSION = "1.0"
LARGEST = 10
_MUCH = Fraction(1, 2)
_CELL = 5


def render_overlap_json(found: Overlap, parts: Sequence[str]) -> str:
    """As `schemas/overlap.schema.json` describes it; `parts` are `segments`, `audiences` or both."""
    beyond = {"beyond": list(found.beyond.segments)}
    matrices = {"segments": {**_matrix(found, found.segments), **beyond}, "audiences": _audiences(found)}
    document = {
        "format_version": FORMAT_VERSION,
        "workspace": found.workspace,
        "as_of": found.as_of.isoformat().replace("+00:00", "Z"),
        "purchases": list(found.purchases),
        "unknown_purchases": list(found.unknown),
        **{part: matrices[part] for part in parts},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _matrix(found: Overlap, matrix: Matrix) -> dict[str, Any]:
    return {
        "people": matrix.reached,
        "entries": [
            {
                "address": address,
                "name": found.names[address],
                "people": people,
                "bought_since": matrix.bought.get(address),
            }
            for address, people in matrix.people.items()
        ],
        "pairs": [_pair(matrix, pair) for pair in largest(matrix)],
    }


def _pair(matrix: Matrix, pair: Two) -> dict[str, Any]:
    both, (first, second) = matrix.both[pair], pair
    shares = {"of_first": _share(both, matrix.people[first]), "of_second": _share(both, matrix.people[second])}
    shares["of_smaller"] = max(shares.values())
    return {
        "first": first,
        "second": second,
        "both": both,
        **{name: round(float(share), 6) for name, share in shares.items()},
    }


def _audiences(found: Overlap) -> dict[str, Any]:
    numbers = [{"audiences": number, "people": people} for number, people in found.numbers.items()]
    return {
        **_matrix(found, found.audiences),
        "idle": list(found.idle),
        "beyond": list(found.beyond.audiences),
        "partly": [{"address": at, "without": list(others)} for at, others in found.beyond.partly.items()],
        "by_number": numbers,
        "more_than": {
            "audiences": found.more_than,
            "people": people_in_more(found),
            "together": [{"audiences": list(each.audiences), "people": each.people} for each in found.together],
        },
    }


def people_in_more(found: Overlap) -> int:
    """How many people are in more audiences than asked about."""
    return sum(people for number, people in found.numbers.items() if number > found.more_than)


def largest(matrix: Matrix) -> list[Two]:
    """The pairs that share somebody, by how much of the smaller one it is, then by number."""

    def size(pair: Two) -> tuple[Fraction, int]:
        return -_share(matrix.both[pair], min(matrix.people[each] for each in pair)), -matrix.both[pair]

    return sorted(matrix.both, key=size)


def render_overlap_text(found: Overlap, parts: Sequence[str], *, width: int, colour: bool = False) -> str:
    """For a terminal so many characters wide."""
    paint = painter(colour=colour)
    head = f"{paint('bold', found.workspace)} as of {found.as_of.isoformat().replace('+00:00', 'Z')}"
    blocks = ["\n".join((head, *_warnings(found)))]
    if "segments" in parts:
        blocks += _blocks("Segments", "lists", found.segments, width, paint)
        blocks += _unknowable(found)
    if "audiences" in parts:
        blocks += _blocks("Audiences", "audiences", found.audiences, width, paint)
        blocks += ["\n".join(lines) for lines in (_several(found, paint), _idle(found), _decided(found)) if lines]
    return "\n\n".join(blocks) + "\n"


def _warnings(found: Overlap) -> Iterator[str]:
    for kind in found.unknown:
        yield f"No event is called `{kind}`, so nobody counts as having bought by it: see --purchase."


def _blocks(title: str, what: str, matrix: Matrix, width: int, paint: Paint) -> Iterator[str]:
    count = len(matrix.people)
    yield f"{paint('bold', title)}: {matrix.reached:,} people in {count:,} {what if count != 1 else what[:-1]}"
    pairs = largest(matrix)
    if not pairs:
        yield "  Nobody is in two of them."
    else:
        yield "\n".join(_largest(matrix, pairs, paint))
    if count:
        yield "\n".join(_table(matrix, pairs, width, paint))


def _largest(matrix: Matrix, pairs: Sequence[Two], paint: Paint) -> Iterator[str]:
    shown = pairs[:LARGEST]
    sizes = [max(len(short(pair[at])) for pair in shown) for at in (0, 1)]
    yield f"  {'The largest overlaps':<{sizes[0] + sizes[1] + 5}}  {'both':>9}  of first  of second"
    for first, second in shown:
        both = matrix.both[first, second]
        shares = [_share(both, matrix.people[each]) for each in (first, second)]
        line = f"  {short(first):<{sizes[0]}} and {short(second):<{sizes[1]}}  {both:>9,}"
        line += f"  {percent(shares[0]):>8}  {percent(shares[1]):>9}"
        yield paint("~", line) if max(shares) >= _MUCH else line
    if len(pairs) > len(shown):
        yield paint("dim", f"  {len(pairs) - len(shown):,} more pairs share somebody")


def _table(matrix: Matrix, pairs: Sequence[Two], width: int, paint: Paint) -> Iterator[str]:
    """Cells are shares of the row's people. Columns are as many as fit; rows keep the order of the workspace."""
    names = max(len(short(address)) for address in matrix.people)
    bought = any(matrix.bought.values())
    left = 4 + names + 2 + 9 + (14 if bought else 0)
    columns = _columns(matrix, pairs, max(1, (width - left) // _CELL))
    number = {address: at for at, address in enumerate(matrix.people, 1)}
    since = f"{'bought since':>14}" if bought else ""
    header = "".join(f"{number[address]:>{_CELL}}" for address in columns)
    yield paint("dim", f"  {'Of a row, how many are in a column too':<{names + 4}}".rstrip())
    yield f"{'':4}{'':<{names + 2}}{'people':>9}{since}{header}"
    for address, people in matrix.people.items():
        cells = "".join(_cell(matrix, address, column, paint) for column in columns)
        also = f"{_bought(matrix, address):>14}" if bought else ""
        yield f"{number[address]:>3} {short(address):<{names + 2}}{people:>9,}{also}{cells}".rstrip()
    if len(columns) < len(matrix.people):
        rest = len(matrix.people) - len(columns)
        yield paint("dim", f"  {rest:,} columns more do not fit: choose with --select, or take --format json")


def _columns(matrix: Matrix, pairs: Sequence[Two], room: int) -> list[Address]:
    """All, or those of the largest overlaps."""
    if len(matrix.people) <= room:
        return list(matrix.people)
    chosen: dict[Address, None] = dict.fromkeys(each for pair in pairs for each in pair)
    kept = {*[*chosen, *(each for each in matrix.people if each not in chosen)][:room]}
    return [address for address in matrix.people if address in kept]


def _cell(matrix: Matrix, row: Address, column: Address, paint: Paint) -> str:
    if row == column:
        return f"{'-':>{_CELL}}"
    both = matrix.both.get((row, column), 0) or matrix.both.get((column, row), 0)
    if not both:
        return f"{'.':>{_CELL}}"
    share = _share(both, matrix.people[row])
    text = f"{_whole(share):>{_CELL}}"
    return paint("~", text) if share >= _MUCH else text


def _whole(share: Fraction) -> str:
    return "<1%" if share < Fraction(1, 100) else f"{int(share * 100)}%"


def _bought(matrix: Matrix, address: Address) -> str:
    bought = matrix.bought.get(address)
    if bought is None:
        return ""
    return f"{bought:,} ({_whole(_share(bought, matrix.people[address]))})" if bought else "0"


def _several(found: Overlap, paint: Paint) -> list[str]:
    if not found.numbers:
        return []
    people = people_in_more(found)
    noun = "audience" if found.more_than == 1 else "audiences"
    share = percent(_share(people, found.audiences.reached))
    lines = [f"{paint('bold', f'In more than {found.more_than:,} {noun}')}: {people:,} people ({share})"]
    lines += [f"  in {number:,}: {count:,}" for number, count in found.numbers.items()]
    if found.together:
        lines.append("  most often together:")
    lines += [f"  {each.people:>9,}  {', '.join(map(short, each.audiences))}" for each in found.together]
    return lines


def _idle(found: Overlap) -> list[str]:
    return [f"Outside their period, so not looked at: {', '.join(map(short, found.idle))}"] if found.idle else []


def _unknowable(found: Overlap) -> list[str]:
    told = ", ".join(map(short, found.beyond.segments))
    return [f"Criteo's own, so not looked at: nobody else knows who is in {told}"] if told else []


def _decided(found: Overlap) -> list[str]:
    """What is said of audiences that only Criteo, or partly Criteo, can tell who is in."""
    alone = ", ".join(map(short, found.beyond.audiences))
    lines = [f"Decided by Criteo's own segments alone, so not looked at: {alone}"] if alone else []
    if found.beyond.partly:
        lines.append("Looked at by our lists alone, as if nobody were in Criteo's own segments:")
    for at, others in found.beyond.partly.items():
        lines.append(f"  {short(at)}, without {', '.join(others)}")
    return lines


def short(address: Address) -> str:
    """An address without what kind of thing it is."""
    return address.partition(".")[2]


def _share(part: int, whole: int) -> Fraction:
    return Fraction(part, whole) if whole else Fraction(0)


def percent(share: Fraction) -> str:
    """With one decimal; what is not nothing never looks like nothing."""
    return f"{float(share):.1%}" if not share or share >= Fraction(1, 1000) else "<0.1%"
