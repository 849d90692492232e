"""Which columns of a file tell what happened, to whom and when."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from reconciler.errors import SourceInvalid
from reconciler.membership.looking import MOST_KINDS, Looker
from reconciler.model.look import ColumnLook, TableLook
from reconciler.scaffold.names import KINDS, OWNERS, TIMES, order, plain, rank, role_of
from reconciler.scaffold.proposal import CustomersProposal, EventsProposal, Questions

_KIND = re.compile(r"[A-Za-z][A-Za-z0-9 _.:/-]{0,60}")
_TRUSTED = (("24h", 24), ("48h", 48), ("7d", 168))
_NUMBER = re.compile(r"[0-9]{5}")
_TRIED = 6
_ENOUGH, _NEARLY_ALL = 0.05, 0.9
_FILES = {"order": "purchase", "purchase": "purchase", "sale": "purchase", "transaction": "purchase",
          "cart": "cart_added", "basket": "cart_added", "view": "product_viewed", "visit": "page_viewed"}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class EventsFinder:
    """Gives the columns of one file their roles; `part` is what questions about it stand under."""

    looker: Looker
    table: TableLook
    customers: CustomersProposal
    as_of: dt.datetime
    part: str
    questions: Questions

    def propose(self) -> EventsProposal:
        """Raises SourceInvalid where the file has no times or no customers."""
        time = _time(self.table)
        customer = self._customer()
        name, kinds = self._kinds({time, customer})
        emails = tuple(each.name for each in self.table.columns if each.is_email)
        return EventsProposal(
            table=self.table,
            customer=customer,
            name=name,
            kinds=kinds,
            time=time,
            fresh=self._fresh(time, name, kinds),
            emails=emails if not self.customers.hashed else (),
        )

    def _ask(self, question: str) -> None:
        self.questions.add(self.part, question)

    def _customer(self) -> str:
        """The column in which most keys of customers are found; a name alone proves nothing."""
        key, people = self.customers.key, self.customers.table
        able = [each for each in self.table.columns if each.stored in ("text", "number")]
        able = [each for each in able if not (each.is_time or each.is_email)]
        able.sort(key=lambda each: (each.name != key, order(each.name, OWNERS), -each.distinct))
        shares = {each.name: self.looker.known(self.table, each.name, people, key) for each in able[:_TRIED]}
        likely = (name for name, share in shares.items() if share >= _NEARLY_ALL)
        found = next(likely, None) or max(shares, key=lambda name: shares[name], default=None)
        if found is None or shares[found] < _ENOUGH:
            address = next((each.name for each in self.table.columns if each.is_email), None)
            if address is not None and self.customers.emails and not self.customers.hashed:
                return self._by_address(address)
            raise SourceInvalid(
                "The events are of nobody.",
                f"{self.table.name}: no column holds values of `{key}` of {people.name}",
                "Both files need the customer's number, written alike, or both an e-mail address.",
            )
        if shares[found] < _NEARLY_ALL:
            self._ask(
                f"Only {shares[found]:.0%} of the values of `{found}` are customers. Is it the right column, and are "
                f"all customers in {people.name}?"
            )
        return found

    def _by_address(self, column: str) -> str:
        """Rows without a customer's number are those of guests, who are found by their address."""
        self._ask(
            f"No column of {self.table.name} holds the numbers of customers, so its rows are those of whoever has the "
            f"address in `{column}`. If there is a number, name its column as `customer`."
        )
        return column

    def _kinds(self, taken: set[str]) -> tuple[str | None, tuple[str, ...]]:
        """The column that names what happened, with the kinds in it; or none, and the one kind that all rows are."""
        able = [each for each in self.table.columns if each.name not in taken and _may_name(each)]
        for column in sorted(able, key=lambda each: order(each.name, KINDS)):
            kinds = tuple(filter(is_kind, self.looker.kinds(self.table, column.name)))
            if kinds and (rank(column.name, KINDS[:4]) >= 0 or any(map(role_of, kinds))):
                return column.name, kinds
        stem = plain(PurePosixPath(self.table.name).name.partition(".")[0])
        kind = next((kind for word, kind in _FILES.items() if word in stem), None)
        if kind is None:
            kind = stem.removesuffix("s") or "event"
            self._ask(f"No column says what happened. Is every row a `{kind}`? Put in your word for it.")
        return None, (kind,)

    def _fresh(self, time: str, name: str | None, kinds: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """Twice the age that the feed has now; nothing for a feed that is too old to tell."""
        newest = self.looker.newest(self.table, time, name, self.as_of)
        hours = {kind: (self.as_of - moment).total_seconds() / 3600 for kind, moment in newest.items()}
        of_all = _limit(hours["*"]) if "*" in hours else None
        if of_all is None:
            age = f"{hours['*'] / 24:.0f} days old" if "*" in hours else "still to come"
            self._ask(
                f"The newest event is {age}: is this a feed? Once it is, say how old it may get, so that a feed that "
                'has dried up moves nobody: `fresh_within: { "*": 24h }`.'
            )
            return ()
        bought = next((kind for kind in kinds if name and role_of(kind) == "purchase" and kind in hours), None)
        limit = _limit(hours[bought]) if bought else None
        return ((bought, limit), ("*", of_all)) if bought and limit and limit != of_all else (("*", of_all),)


def _time(table: TableLook) -> str:
    able = [each for each in table.columns if each.is_time]
    if not able:
        also = f" {_CUSTOMERS_HINT}" if any(each.is_email for each in table.columns) else ""
        raise SourceInvalid(
            "A file of events has no times.", f"{table.name}: {_about_times(table)}", _TIMES_HINT + also
        )
    return min(able, key=lambda each: (order(each.name, TIMES), table.columns.index(each))).name


_CUSTOMERS_HINT = "If these are customers too, name all their files by one glob, such as 'customers-*.csv'."
_TIMES_HINT = "Write times as 2026-11-21T18:00:00Z, or as timestamps of Parquet."


def _about_times(table: TableLook) -> str:
    for each in table.columns:
        if each.mostly(each.local_dates):
            return f"`{each.name}` holds dates in the order of some country, which can be read in two ways"
        if each.mostly(each.epochs) and rank(each.name, TIMES) >= 0:
            return f"`{each.name}` holds seconds or milliseconds since 1970"
    if (dated := next((each.name for each in table.columns if each.mostly(each.dated)), None)) is not None:
        return f"`{dated}` begins with a date, and goes on in a way that can't be read"
    return f"no column holds times that can be read ({', '.join(each.name for each in table.columns)})"


def _may_name(column: ColumnLook) -> bool:
    """Few values, none of them a date, a number, an address or a yes."""
    marks = (column.emails, column.moments, column.phones, column.sha256, column.md5, column.words)
    return column.stored == "text" and 0 < column.distinct <= MOST_KINDS * 1.2 and not any(marks)


def is_kind(text: str) -> bool:
    """Whether a text may be shown as the name of an event: words, and nothing like somebody's address or number."""
    return bool(_KIND.fullmatch(text)) and not _NUMBER.search(text)


def _limit(hours: float) -> str | None:
    return next((words for words, limit in _TRUSTED if limit >= 2 * hours), None)
