"""What a row of the ledger, of the members and of all differences is about: an identifier, the columns `h` and `i`.

`h` are the bytes that are sent, `i` is the code of the identifier's type.
"""

from __future__ import annotations

from sqlglot import exp

from reconciler.membership.sql import Sql, alias, each, integer, name
from reconciler.model.identifiers import IdentifierType

TYPES: tuple[IdentifierType, ...] = ("email", "phoneNumber")
"""Types by their code. Ledgers hold the codes: a new type goes to the end."""
KEY = ("h", "i")


def code(of: IdentifierType) -> Sql:
    """The code of a type, a constant."""
    return exp.cast(integer(TYPES.index(of)), "SMALLINT")


def key(owner: str | None = None) -> list[exp.Column]:
    """The columns of the key."""
    return [name(column, owner) for column in KEY]


def same_key(left: str, right: str) -> Sql:
    """Whether two rows are about one identifier."""
    return each(name(column, left).eq(name(column, right)) for column in KEY)


def first_key(*owners: str) -> list[Sql]:
    """The key of the first of the joined rows that is there."""
    return [alias(exp.func("COALESCE", *(name(column, owner) for owner in owners)), column) for column in KEY]
