"""Which of some files is the customers, and which of its columns is what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reconciler.errors import SourceInvalid
from reconciler.membership.looking import Looker
from reconciler.model.look import ColumnLook, TableLook
from reconciler.scaffold.names import CONSENT, KEYS, KINDS, PEOPLE, PHONES, REFUSED, rank
from reconciler.scaffold.proposal import CustomersProposal, Questions

_TRIED = 3
_ADDRESS = re.compile(r"[^@\s]@[^@\s]+\.[^@\s]")


def find_customers(looker: Looker) -> TableLook:
    """The file with an identifier in it that is most like a list of people. Raises SourceInvalid where none is."""
    for table in looker.tables:
        _check_names(table)
    able = [table for table in looker.tables if _identifiers(table)]
    if not able:
        raise SourceInvalid(
            "No file has identifiers.",
            "\n".join(map(_columns_of, looker.tables)),
            "Criteo knows people by their e-mail address: one column of one file has to hold it, plain or as SHA-256.",
        )
    return max(able, key=lambda table: _likeness(looker, table))


def _check_names(table: TableLook) -> None:
    """Without a header the first person would stand for the names of the columns."""
    if not table.rows:
        hint = "Export it again, with its rows."
        raise SourceInvalid("A file has no rows.", f"{table.name}: nothing stands below its first line", hint)
    names = [column.name for column in table.columns]
    if any(_ADDRESS.search(each) or not each.strip() or each.replace(".", "").isdigit() for each in names):
        raise SourceInvalid(
            "A file does not name its columns.",
            f"{table.name}: its first line holds values, or leaves a name out",
            "Export it again with a header: a first line with the name of each column.",
        )


def _columns_of(table: TableLook) -> str:
    return f"{table.name}: {', '.join(column.name for column in table.columns)}"


def _identifiers(table: TableLook) -> list[ColumnLook]:
    return [each for each in table.columns if each.is_email or each.hashed or is_phone(each)]


def is_phone(column: ColumnLook) -> bool:
    """Telephone numbers, by their form and, where they have no country code, by the column's name."""
    return column.mostly(column.phones, 0.7) and (column.mostly(column.full_phones) or rank(column.name, PHONES) >= 0)


def _likeness(looker: Looker, table: TableLook) -> int:
    """Every row has a key of its own, its name is like that of people, and it does not tell what happened when."""
    happens = any(each.is_time for each in table.columns) and any(each.name in KINDS[:6] for each in table.columns)
    is_named = rank(table.name, PEOPLE) >= 0
    return 2 * bool(_keys(looker, table)) + 2 * is_named - 3 * happens


def _keys(looker: Looker, table: TableLook) -> list[ColumnLook]:
    """The columns that could be the key, the likeliest first."""
    named = [each for each in table.columns if rank(each.name, KEYS) >= 0]
    others = [each for each in table.columns if each not in named]
    named.sort(key=lambda each: rank(each.name, KEYS))
    fit = (
        each for each in [*named, *others] if not (each.is_time or each.is_email) and each.stored in ("text", "number")
    )
    return [each for each in fit if each.filled == table.sampled and looker.is_key(table, each.name)]


def propose_customers(
    looker: Looker, table: TableLook, others: Sequence[TableLook], ask: Questions
) -> CustomersProposal:
    """The roles of its columns. Raises SourceInvalid where it has no key."""
    key = _key(looker, table, others)
    emails, hashed = _emails(table, ask)
    phones = tuple(each.name for each in table.columns if is_phone(each))
    if phones and emails:
        ask.add("customers", f"`{phones[0]}` looks like telephone numbers. Criteo takes them for advertisers in India "
                    f"only; then add `phoneNumber: {phones[0]}` to the identifiers.")  # fmt: skip
    elif phones and not all(each.mostly(each.full_phones) for each in table.columns if each.name in phones):
        ask.add("customers", "Which country are the telephone numbers without a country code from? Say so with "
                    "`region:`, as in `region: IN`; until then they are left out.")  # fmt: skip
    return CustomersProposal(
        table=table,
        key=key,
        emails=emails,
        hashed=hashed,
        phones=() if emails else phones,
        consent=_consent(table, ask),
        refused=_yes_or_no(table, REFUSED),
        same_person=next((each for each in emails[:1] if looker.repeats(table, each)), None),
    )


def _key(looker: Looker, table: TableLook, others: Sequence[TableLook]) -> str:
    keys = _keys(looker, table)
    if not keys:
        raise SourceInvalid(
            "The customers have no key.",
            f"{table.name}: no column has a value of its own in every row ({_names(table.columns)})",
            "Export the customers once each, with the number that the events carry too.",
        )
    shared = [each for each in keys if any(other.find(each.name) for other in others)]
    return (shared or sorted(keys[:_TRIED], key=lambda each: -_met(looker, table, each, others)))[0].name


def _met(looker: Looker, table: TableLook, key: ColumnLook, others: Sequence[TableLook]) -> float:
    """The share of rows of the other files, at best, that carry this key: it tells a number from a name."""
    columns = ((each, column) for each in others for column in each.columns if column.stored in ("text", "number"))
    return max((looker.known(each, column.name, table, key.name) for each, column in columns), default=0.0)


def _names(columns: Iterable[ColumnLook]) -> str:
    return ", ".join(f"`{each.name}`" for each in columns)


def _emails(table: TableLook, ask: Questions) -> tuple[tuple[str, ...], str | None]:
    plain = tuple(each.name for each in table.columns if each.is_email)
    hashes = [each for each in table.columns if each.hashed and rank(each.name, PHONES) < 0]
    if plain or not hashes:
        return plain, None
    form = hashes[0].hashed
    if form == "md5":
        ask.add("customers", "Are these hashes MD5 of the address in small letters? Criteo takes SHA-256 and MD5.")
    return tuple(each.name for each in hashes if each.hashed == form), form


def _consent(table: TableLook, ask: Questions) -> str | None:
    found = _yes_or_no(table, CONSENT)
    if found is not None and rank(found, CONSENT[:6]) < 0:
        ask.add(
            "consent", f"Does a yes in `{found}` mean that somebody agreed to advertising, or to a newsletter only?"
        )
    if found is None:
        ask.add("consent", "No column says who agreed to advertising, so everybody counts as having agreed. "
                    "If one does: `consent: { column: NAME, missing: refuse }`.")  # fmt: skip
    return found


def _yes_or_no(table: TableLook, hints: Sequence[str]) -> str | None:
    """The column of yes and no whose name says most plainly what it is about; a refusal is no consent."""
    able = [each for each in table.columns if each.is_yes_or_no and rank(each.name, hints) >= 0]
    if hints is CONSENT:
        able = [each for each in able if rank(each.name, REFUSED) < 0]
    return min(able, key=lambda each: rank(each.name, hints)).name if able else None
