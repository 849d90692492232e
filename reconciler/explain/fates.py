"""Why identifiers are sent or kept back, and why somebody does not belong, in sentences."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from types import MappingProxyType

from reconciler.config.names import slice_names
from reconciler.explain.answers import Fate, Judged
from reconciler.explain.targets import Target
from reconciler.membership import study as membership
from reconciler.membership.fates import Held, faults, held_identifiers
from reconciler.membership.finding import FOUND
from reconciler.membership.study import Study
from reconciler.model.address import Address, segment_address
from reconciler.model.identifiers import IdentifierType
from reconciler.model.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What is known of a person at one clock: how many records she has, where she stands, her identifiers, and how many
    values of hers can't be sent.
    """

    as_of: dt.datetime
    person: str
    records: int
    standing: membership.Standing
    identifiers: tuple[Held, ...]
    invalid: Mapping[tuple[IdentifierType, str], int]


def cases_of(study: Study, as_of: dt.datetime) -> Mapping[str, Case]:
    """Every person who was found, by her key, at a clock."""
    study.look(as_of)
    records: defaultdict[str, list[membership.Standing]] = defaultdict(list)
    for standing in study.standings(FOUND):
        records[standing.person].append(standing)
    if study.lists.words:
        study.send()
    held: defaultdict[str, list[Held]] = defaultdict(list)
    for each in held_identifiers(study) if study.lists.words else ():
        for person in each.persons:
            held[person].append(each)
    invalid = faults(study)
    return {
        person: Case(
            as_of=as_of,
            person=person,
            records=len(hers),
            standing=hers[0],
            identifiers=tuple(held[person]),
            invalid=invalid.get(person, {}),
        )
        for person, hers in records.items()
    }


def belongs(target: Target, sent: Set[Address], meets: Set[Address]) -> bool:
    """Whether somebody is in: by a list that one of her identifiers is sent to, or, where nothing is sent, by what she
    meets.
    """
    return target.address in sent if target.segment.publish else target.clause.hidden in meets


def needs_consent(target: Target, settings: Settings) -> bool:
    """Whether the list asks for consent."""
    return target.segment.publish and not target.segment.suppression and settings.source.customers.consent is not None


def in_period(target: Target, as_of: dt.datetime, settings: Settings) -> bool | None:
    """Whether the clock stands in the segment's period; None where it has none."""
    active = target.segment.active
    return None if active is None else active.holds(as_of, settings.time_zone)


def fates_of(target: Target, case: Case, settings: Settings) -> tuple[Fate, ...]:
    """What becomes of her identifiers in one list, by type."""
    kept_back: defaultdict[IdentifierType, Counter[str]] = defaultdict(Counter)
    sent: Counter[IdentifierType] = Counter()
    for held in case.identifiers:
        if target.address in held.sent_to:
            sent[held.type] += 1
        else:
            kept_back[held.type][_why(target, case, held, settings)] += 1
    types = sorted({*sent, *kept_back, *(of for of, _ in case.invalid)})
    return tuple(
        Fate(
            type=of,
            number=sent[of] + kept_back[of].total(),
            sent=sent[of],
            kept_back=MappingProxyType(dict(kept_back[of])),
            invalid=MappingProxyType({why: n for (each, why), n in sorted(case.invalid.items()) if each == of}),
        )
        for of in types
    )


HERSELF = "the person does not belong"
NOBODY = "nobody who holds it belongs"
DENIED = "somebody else who holds the same identifier is kept out by `none`"
REFUSED = "somebody else who holds the same identifier has not consented"
PERIOD = "the segment is outside of its period"


def _why(target: Target, case: Case, held: Held, settings: Settings) -> str:
    """Why an identifier is not sent, what others do first: it is what nobody sees in her own data."""
    others = [each for each in held.holders if each.person != case.person]
    if in_period(target, case.as_of, settings) is False:
        return PERIOD
    if any(target.address in each.denied for each in others):
        return DENIED
    if needs_consent(target, settings) and not all(each.consents for each in others):
        return REFUSED
    own = case.standing
    if target.address in own.denied or (needs_consent(target, settings) and not own.consents):
        return HERSELF
    younger = [segment_address(target.segment.key, part) for part in slice_names(target.segment)]
    if any(address in held.sent_to for address in younger):
        return "it is in a younger slice"
    return NOBODY if others else HERSELF


def reasons(target: Target, case: Case, judged: Judged, settings: Settings, *, belongs: bool) -> Iterator[str]:
    """Why she does not belong, the most telling first; of one who does, what is not her own doing."""
    if belongs:
        if not judged.holds:
            yield "does not meet the conditions, but somebody does who holds the same identifier"
        return
    failing = [] if judged.holds else [each for each in judged.children if each.decides] or [judged]
    yield from (_told(each) for each in failing)
    if not target.segment.publish or not all(_denies(each) for each in failing):
        return
    if needs_consent(target, settings) and not case.standing.consents:
        yield "has not given consent"
    if in_period(target, case.as_of, settings) is False:
        yield PERIOD
    if not case.identifiers:
        yield "has no identifier that can be sent"
    fates = fates_of(target, case, settings)
    yield from dict.fromkeys(why for each in fates for why in each.kept_back if why not in (HERSELF, PERIOD))


def _denies(judged: Judged) -> bool:
    return judged.clause.role == "none"


def _told(judged: Judged) -> str:
    return f"{'kept out by `none`' if _denies(judged) else 'does not hold'}: {judged.clause.text}"
