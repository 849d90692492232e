"""Digests as SQL: the forms in which identifiers are sent, and the columns that hold them already."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sqlglot import exp

from reconciler.membership.identifiers import Column, as_written
from reconciler.membership.keys import TYPES
from reconciler.membership.normalise import Invalid
from reconciler.membership.sql import Sql, call, either, integer, name, text, when
from reconciler.membership.values import BLANKS
from reconciler.model.identifiers import Form

LENGTHS: Mapping[Form, int] = MappingProxyType({"sha256": 64, "md5": 32, "sha256_of_md5": 64})
"""Hex digits of a digest in each form."""
_NOTHING = b""
_MD5_OF_NOTHING = hashlib.md5(_NOTHING, usedforsecurity=False).hexdigest()
OF_NOTHING: Mapping[Form, str] = MappingProxyType(
    {
        "sha256": hashlib.sha256(_NOTHING).hexdigest(),
        "md5": _MD5_OF_NOTHING,
        "sha256_of_md5": hashlib.sha256(_MD5_OF_NOTHING.encode()).hexdigest(),
    }
)
"""What a feed that hashes its blanks as well writes for them."""
TELEPHONE = "[+(0-9][-+0-9 ()./]{5,24}"
"""What is taken for a telephone number where digests were declared."""


def digest(form: Form, value: Sql) -> Sql:
    """The digest of a text in UTF-8, in lower-case hex. The second of two digests is that of the first one's hex."""
    match form:
        case "sha256":
            return call("sha256", value)
        case "md5":
            return call("md5", value)
        case "sha256_of_md5":
            return call("sha256", call("md5", value))


def sent(columns: Iterable[Column]) -> Sql:
    """The bytes that are sent of a row `(e, i)` of identifiers."""
    ways = {TYPES.index(column.type): _bytes_of(column) for column in columns}
    if len(set(ways.values())) == 1:
        return next(iter(ways.values()))
    branches = [exp.If(this=name("i").eq(integer(number)), true=way) for number, way in sorted(ways.items())]
    return exp.Case(ifs=branches)


def _bytes_of(column: Column) -> Sql:
    return call("unhex", name("e") if column.at_once else digest(column.form, name("e")))


def _trimmed(column: Column) -> tuple[str, Sql]:
    bare = exp.Trim(this=as_written(column), expression=text(BLANKS))
    return f"z{column.value}", exp.func("COALESCE", bare, text(""))


def _judged(column: Column) -> tuple[str, Sql]:
    form = column.hashed or column.form
    bare = name(f"z{column.value}")
    fits = call("regexp_full_match", bare, text(f"[0-9a-fA-F]{{{LENGTHS[form]}}}"))
    of_nothing = exp.Lower(this=bare.copy()).eq(text(OF_NOTHING[form]))
    plain = either([call("contains", bare.copy(), text("@")), call("regexp_full_match", bare.copy(), text(TELEPHONE))])
    faults = [(bare.eq(text("")).or_(of_nothing), Invalid.BLANK), (plain, Invalid.PLAIN)]
    told = exp.Case(ifs=[exp.If(this=held, true=text(why)) for held, why in faults], default=text(Invalid.NOT_A_HASH))
    return column.reason, when(fits.and_(exp.not_(of_nothing.copy())), exp.null(), told)


def _sent(column: Column) -> tuple[str, Sql]:
    return column.value, when(name(column.reason).is_(exp.null()), exp.Lower(this=name(f"z{column.value}")), exp.null())


LAYERS = (_trimmed, _judged, _sent)
"""What becomes of a column of digests: trimmed, checked, in lower case, and never hashed again."""
