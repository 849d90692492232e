"""What is wrong with identifiers as they stand in a source, before anything is mended: one pattern a fault.

Patterns keep to what all engines read alike; letters in them are those of ASCII.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlglot import exp

from reconciler.membership.identifiers import Column
from reconciler.membership.sql import Sql, call, text
from reconciler.membership.values import BLANKS

_BLANK = f"[{BLANKS}]"
_QUOTE = "['\"`\u00b4\u2018\u2019\u201c\u201d\u00ab\u00bb]"
_MISSPELT = (
    "@(gmial|gmai|gamil|gnail|gmal|gmaill|gmeil|hotmial|hotmal|hotmai|hotmil|homtail|yaho|yahooo|yhaoo|outlok|outloo|iclud"
    f"|icoud)\\.[A-Za-z.]+{_BLANK}*$|@[^@]+\\.(con|cmo|comm|ocm|coom|vom|xom){_BLANK}*$"
)
_NOTHING = "none|null|nil|nan|n/a|na|unknown|undefined|test|anonymous|noemail|no email|no phone|x+|-+|\\.+|\\?+"
_ONE_DIGIT = "|".join(f"{digit}{{6,}}" for digit in range(10))

EVERYWHERE: Mapping[str, str] = MappingProxyType(
    {
        "surrounding_space": f"^{_BLANK}|{_BLANK}$",
        "no_break_space": "[\u00a0\u2007\u202f]",
        "invisible": "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]",
        "full_width": "[\uff01-\uff5e]",
        "quote": f"^{_BLANK}*{_QUOTE}|{_QUOTE}{_BLANK}*$",
    }
)
ADDRESS: Mapping[str, str] = MappingProxyType(
    {
        "upper_case": "[A-Z]",
        **EVERYWHERE,
        "scheme": f"^{_BLANK}*[Mm][Aa][Ii][Ll][Tt][Oo]:",
        "display_name": "<[^<>]*>",
        "several": "@[^@]*[,;/| ][^@]*@",
        "no_at": "^[^@\ufe6b\uff20]*$",
        "space_inside": f"[^{BLANKS}]{_BLANK}+[^{BLANKS}]",
        "dots_in_a_row": "\\.\\.",
        "dot_at_the_end": f"\\.{_BLANK}*$",
        "comma_for_dot": f"@[^@]*[A-Za-z0-9],[A-Za-z]+{_BLANK}*$",
        "no_dot": "@[^@.,\uff0e]+$",
        "misspelt_domain": _MISSPELT,
        "placeholder": f"^{_BLANK}*({_NOTHING}){_BLANK}*$",
        "hash": f"^{_BLANK}*([0-9A-Fa-f]{{32}}|[0-9A-Fa-f]{{64}}){_BLANK}*$",
    }
)
TELEPHONE: Mapping[str, str] = MappingProxyType(
    {
        **EVERYWHERE,
        "scheme": f"^{_BLANK}*[Tt][Ee][Ll]:",
        "address": "@",
        "letters": "[A-Za-z]",
        "several": "[0-9][^,;|/]{5,}[,;|/][^,;|/]{5,}[0-9]",
        "no_country_code": f"^{_BLANK}*[(]?([1-9]|0[1-9])",
        "decimal": f"^{_BLANK}*[+]?[0-9]+\\.0+{_BLANK}*$",
        "scientific": "[0-9][eE][+][0-9]",
        "one_digit": f"^{_BLANK}*[+]?({_ONE_DIGIT}){_BLANK}*$",
        "placeholder": f"^{_BLANK}*({_NOTHING}){_BLANK}*$",
        "hash": ADDRESS["hash"],
    }
)
DIGEST: Mapping[str, str] = MappingProxyType(
    {
        "upper_case": "[A-F]",
        **EVERYWHERE,
        "prefix": f"^{_BLANK}*(0x|\\\\x)",
        "address": "@",
        "placeholder": f"^{_BLANK}*({_NOTHING}){_BLANK}*$",
    }
)
_LONGEST_SHAPE = 60


def faults_of(column: Column) -> Mapping[str, str]:
    """The faults that a column can have, each with its pattern."""
    if column.hashed:
        return DIGEST
    return ADDRESS if column.type == "email" else TELEPHONE


def has_fault(value: Sql, pattern: str) -> Sql:
    """Whether a text has a fault, in whatever case the words of the pattern are written."""
    return call("regexp_matches", value, text(pattern))


def shape_of(value: Sql) -> Sql:
    """What a value looks like when nobody may know it; NULL for what is too long to be a shape."""
    masked = value
    for run, mark in (("[A-Za-z]+", "a+"), ("[0-9]+", "9+"), ("[^ -~]+", "?+")):
        masked = exp.RegexpReplace(
            this=masked, expression=text(run), replacement=text(mark), modifiers=exp.Literal.string("g")
        )
    short = exp.Length(this=masked) <= _LONGEST_SHAPE
    return exp.Case(ifs=[exp.If(this=short, true=masked.copy())])
