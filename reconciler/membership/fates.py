"""What becomes of the identifiers of some people: which lists have each, who else holds it, and what can't be sent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlglot import exp, select

from reconciler.membership.digests import sent
from reconciler.membership.finding import FOUND
from reconciler.membership.identifiers import identifier_rows
from reconciler.membership.keys import TYPES
from reconciler.membership.ledger import words
from reconciler.membership.normalise import Invalid
from reconciler.membership.sql import Sql, alias, integer, name, table, together
from reconciler.membership.study import Study, of_words
from reconciler.model.address import Address
from reconciler.model.identifiers import IdentifierType


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """Somebody who holds an identifier: her person, her consent, and the lists that she meets and that deny her."""

    person: str
    consents: bool
    meets: frozenset[Address]
    denied: frozenset[Address]


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Held:
    """One identifier, without saying which: its type, the lists that it is sent to, and everybody who holds it."""

    type: IdentifierType
    sent_to: frozenset[Address]
    holders: tuple[Holder, ...]

    @property
    def persons(self) -> frozenset[str]:
        """The persons who hold it."""
        return frozenset(holder.person for holder in self.holders)


def held_identifiers(study: Study) -> tuple[Held, ...]:
    """Every valid identifier of those who were found. `people` and `members` are there."""
    holders: defaultdict[tuple[bytes, int], dict[str, Holder]] = defaultdict(dict)
    for row in study.engine.rows(_holders(study)):
        meets, denied = _both(study, row[4:])
        holder = Holder(person=str(row[2]), consents=bool(row[3]), meets=meets, denied=denied)
        holders[bytes(row[0]), row[1]][holder.person] = holder
    lists = members(study)
    return tuple(
        Held(type=TYPES[key[1]], sent_to=lists.get(key, frozenset()), holders=tuple(each.values()))
        for key, each in sorted(holders.items())
    )


def lists_of_identifiers(study: Study) -> Mapping[str, tuple[frozenset[Address], ...]]:
    """Of each person who was found, the lists of each of her identifiers. `people` and `members` are there."""
    lists = members(study)
    found: defaultdict[str, dict[tuple[bytes, int], frozenset[Address]]] = defaultdict(dict)
    for digest, of, person in study.engine.rows(_theirs(study)):
        key = (bytes(digest), of)
        found[str(person)][key] = lists.get(key, frozenset())
    return MappingProxyType({person: tuple(each.values()) for person, each in found.items()})


def members(study: Study) -> Mapping[tuple[bytes, int], frozenset[Address]]:
    """The lists of each identifier that is sent anywhere."""
    rows = study.engine.rows(select(name("h"), name("i"), *words("w", study.lists)).from_(table("members")))
    return {(bytes(row[0]), row[1]): of_words(row[2:], study.lists) for row in rows}


def faults(study: Study) -> Mapping[str, Mapping[tuple[IdentifierType, str], int]]:
    """Of each person who was found, how many values can't be sent, by type and reason."""
    found: defaultdict[str, Counter[tuple[IdentifierType, str]]] = defaultdict(Counter)
    for of, reason, person, number in study.engine.rows(_reasons(study)):
        found[str(person)][TYPES[of], str(reason)] += int(number)
    return MappingProxyType({person: MappingProxyType(dict(each)) for person, each in found.items()})


def _both(study: Study, row: tuple[int, ...]) -> tuple[frozenset[Address], frozenset[Address]]:
    return of_words(row[: study.lists.words], study.lists), of_words(row[study.lists.words :], study.lists)


def _theirs(study: Study) -> exp.Select:
    """Rows `(h, i, person)` of those who were found."""
    columns = study.opened.columns
    told = [alias(study.key(name("p")), "person")]
    rows = identifier_rows(columns, told, _is_found(), of="people").subquery("h")
    return select(alias(sent(columns), "h"), name("i"), name("person")).from_(rows)


def _holders(study: Study) -> exp.Select:
    """Rows `(h, i, person, c, wq…, wn…)` of everybody who holds what one of those who were found holds."""
    columns, lists = study.opened.columns, [*words("wq", study.lists), *words("wn", study.lists)]
    told = [alias(study.key(name("p")), "person"), name("c"), *lists]
    rows = identifier_rows(columns, told, of="people").subquery("h")
    theirs = (
        select(name("e"), name("i"))
        .distinct()
        .from_(identifier_rows(columns, (), _is_found(), of="people").subquery("t"))
    )
    labels = [name(each.alias_or_name, "h") for each in told]
    same = name("e", "h").eq(name("e", "f")).and_(name("i", "h").eq(name("i", "f")))
    joined = select(name("e", "h"), name("i", "h"), *labels).from_(rows).join(theirs.subquery("f"), on=same)
    return select(alias(sent(columns), "h"), name("i"), *(name(each.alias_or_name) for each in told)).from_(
        joined.subquery("j")
    )


def _is_found() -> Sql:
    return exp.In(this=name("k"), query=select(name("k")).from_(table(FOUND)).subquery())


def _reasons(study: Study) -> exp.Select:
    """Rows `(i, reason, person, count)`; a list without elements has none."""
    rows = together(list(_reason_rows(study))).subquery("r")
    keys = (name("i"), name("r"), name("person"))
    return select(*keys, exp.func("COUNT", exp.Star())).from_(rows).group_by(*(key.copy() for key in keys))


def _reason_rows(study: Study) -> Iterator[exp.Query]:
    person = study.key(name("p"))
    for column in study.opened.columns:
        kind = alias(integer(TYPES.index(column.type)), "i")
        if not column.stored.is_list:
            rows = select(kind, alias(name(column.reason), "r"), alias(person.copy(), "person")).from_(table("people"))
            yield rows.where(_is_found(), name(column.reason).is_(exp.null()).not_())
            continue
        elements = (
            select(alias(name("k"), "lk"), alias(name("r"), "lr"), alias(name("n"), "ln"))
            .from_(table("listed"))
            .subquery("l")
        )
        rows = select(kind, alias(name("lr"), "r"), alias(person.copy(), "person")).from_(table("people"))
        rows = rows.join(elements, on=name("k").eq(name("lk")))
        wrong = name("lr").is_(exp.null()).not_()
        yield rows.where(_is_found(), name("ln").eq(integer(column.number)), wrong)


BLANK = Invalid.BLANK.value
"""The reason of a value that is not there."""
