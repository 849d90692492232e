"""Whether Criteo knows the brands and interests that in-market segments name, before any of them is sent."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

from reconciler.actual import Actual
from reconciler.desired import Desired, DesiredKind
from reconciler.errors import CriteoError, Problem, WorkspaceInvalid
from reconciler.model.figures import Brand, Interest
from reconciler.model.kinds import Value
from reconciler.model.settings import Place

FEW = 3
"""So many of what there is are named in a message."""


class Choosing(Protocol):
    """What of the client is needed here."""

    def in_market_brands(self, country: str) -> tuple[Brand, ...]: ...

    def in_market_interests(self, country: str) -> tuple[Interest, ...]: ...


class _Choice(NamedTuple):
    """One id that a segment names, of the attribute that names it."""

    attribute: str
    country: str
    id: str
    place: Place


Known = dict[str, str]
"""The names of what there is by id; interests have none."""


def check_choices(client: Choosing, desired: Desired, actual: Actual) -> tuple[str, ...]:
    """Raises WorkspaceInvalid for every id that Criteo does not list for the country, as far as it is not at Criteo
    already. Answers what to note where Criteo gives no list: then it has to judge the ids itself.
    """
    problems, notes = [], []
    chosen = [choice for each in desired.kinds for choice in _new(each, actual)]
    for attribute, country in dict.fromkeys((each.attribute, each.country) for each in chosen):
        some = [each for each in chosen if (each.attribute, each.country) == (attribute, country)]
        try:
            known = _ASK[attribute](client, country)
        except CriteoError as error:
            notes.append(_unchecked(some, error))
            continue
        problems += [_problem(each, known) for each in some if each.id not in known]
    if problems:
        raise WorkspaceInvalid(tuple(problems))
    return tuple(notes)


def _new(wanted: DesiredKind, actual: Actual) -> Iterator[_Choice]:
    """What is named and not at Criteo already: what was taken once is nobody's mistake now."""
    values = wanted.kind.values
    country = values.get("country")
    made = actual.kinds.get(wanted.address)
    had = made.kind.values if made is not None and made.kind is not None else {}
    for attribute in _ASK if isinstance(country, str) else ():
        held = _ids(had.get(attribute)) if had.get("country") == country else set()
        for each in sorted(_ids(values.get(attribute)) - held):
            place = wanted.places.get(f"{attribute}={each}", wanted.place)
            yield _Choice(attribute, str(country), each, place)


def _ids(value: Value) -> set[str]:
    return {str(each) for each in value} if isinstance(value, tuple) else set()


def _brands(client: Choosing, country: str) -> Known:
    brands = sorted(client.in_market_brands(country), key=lambda brand: -(brand.size or 0))
    return {each.id: each.name for each in brands}


def _interests(client: Choosing, country: str) -> Known:
    return {each.id: "" for each in client.in_market_interests(country)}


_ASK: dict[str, Callable[[Choosing, str], Known]] = {"brandIds": _brands, "interestIds": _interests}
_WORDS = {"brandIds": ("brand", "brands"), "interestIds": ("interest", "interests")}


def _problem(choice: _Choice, known: Known) -> Problem:
    place, (one, many) = choice.place, _WORDS[choice.attribute]
    of = f"for {choice.country} Criteo has no {one} with the id `{choice.id}`"
    return Problem(place.file, place.line, place.column, place.path, f"{of}; {_way_out(choice, known, many)}")


def _way_out(choice: _Choice, known: Known, many: str) -> str:
    if not known:
        return f"it lists no {many} at all for that country: leave `{choice.attribute}` out, or name another country"
    named = {name.lower(): number for number, name in known.items() if name}
    close = difflib.get_close_matches(choice.id.lower(), named, n=1)
    if close:
        return f"did you mean {_told(named[close[0]], known)}?"
    near: Sequence[str] = difflib.get_close_matches(choice.id, known, n=FEW) or list(known)[:FEW]
    whose = " of Google's product taxonomy" if many == "interests" else ""
    return f"it lists {len(known):,}{whose}, such as {', '.join(_told(each, known) for each in near)}"


def _told(number: str, known: Known) -> str:
    return f'"{number}" ({known[number]})' if known[number] else f'"{number}"'


def _unchecked(some: Sequence[_Choice], error: CriteoError) -> str:
    many, country = _WORDS[some[0].attribute][1], some[0].country
    said = f"{error.summary} {error.detail}".strip()
    return f"Whether Criteo has all {many} that are named for {country} is not known. {said}"
