"""Tell well-formed identifiers from others, and bring the forms of one value together.

A member is kept as bytes: an e-mail address or phone number as its digest (32 bytes, or 16 for MD5),
anything else as its text. A plain address is hashed on arrival, so the world never holds one.
"""

from __future__ import annotations

import re
from binascii import Error as NotHexadecimal
from binascii import a2b_base64, unhexlify
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from reconciler.emulator.packed import Packed, pack
from reconciler.emulator.switches import Switches

HASHED = ("email", "phoneNumber")
"""The identifier types of which digests are kept."""

_SHA256_LENGTH = 64
_SHA256_BYTES = 32
_MD5_LENGTH = 32
_HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{32}){1,2}", re.ASCII)
_PART = r"[^@\s.\x00-\x1f\x7f\ud800-\udfff]"  # half a character of UTF-16 is none that can be hashed
_EMAIL = re.compile(rf"(?:{_PART}|\.){{1,64}}@{_PART}+(?:\.{_PART}+)*\.{_PART}{{2,}}")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.ASCII)
_BASE64 = re.compile(r"[0-9A-Za-z+/]{43}=|[0-9A-Za-z+/]{22}==", re.ASCII)
_OPAQUE = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sifted:
    """What a list of identifiers came to: members, and the counts that Criteo answers with.

    `invalid_sample` holds the first few malformed values as they were sent.
    """

    keys: Packed = field(repr=False)
    invalid: int
    invalid_sample: tuple[str, ...] = field(repr=False)

    @property
    def valid(self) -> int:
        """How many were well-formed."""
        return len(self.keys)


def sift(identifier_type: str, identifiers: Sequence[str], switches: Switches) -> Sifted:
    """Sort `identifiers` of one type into well-formed and malformed ones."""
    if switches.duplicates == "once":
        identifiers = list(dict.fromkeys(identifiers))
    digests = _digests(identifiers, switches) if identifier_type in HASHED else None
    if digests is not None:
        return Sifted(keys=digests, invalid=0, invalid_sample=())
    read = READERS[identifier_type]
    return _sift_one_by_one(lambda text: read(text, switches), identifiers, switches.invalid_sample)


def show(identifier_type: str, key: bytes) -> str:
    """Write a member as the text a client would have sent: a digest in lower-case hexadecimal."""
    return key.hex() if identifier_type in HASHED else key.decode()


def _digests(identifiers: Sequence[str], switches: Switches) -> Packed | None:
    """Read identifiers that are all SHA-256 digests, at C speed; `None` when one is not."""
    if set(map(len, identifiers)) != {_SHA256_LENGTH}:
        return None
    text = "".join(identifiers)
    if not _case_is_right(text, switches):
        return None
    try:
        return Packed(unhexlify(text), _SHA256_BYTES)
    except (NotHexadecimal, ValueError):
        return None


def _sift_one_by_one(read: Callable[[str], bytes | None], identifiers: Sequence[str], sample: int) -> Sifted:
    keys: list[bytes] = []
    malformed: list[str] = []
    for identifier in identifiers:
        key = read(identifier)
        if key is None:
            malformed.append(identifier)
        else:
            keys.append(key)
    return Sifted(keys=pack(keys), invalid=len(malformed), invalid_sample=tuple(malformed[:sample]))


def _case_is_right(digest: str, switches: Switches) -> bool:
    return switches.upper_case_hex == "valid" or digest == digest.lower()


def _is_base64(text: str, switches: Switches) -> bool:
    return switches.other_digests == "valid" and _BASE64.fullmatch(text) is not None


def _hashed(value: str, switches: Switches) -> bytes:
    """Hash a plain value; where forms stay apart, into what no digest that was sent can be."""
    return sha256(value.encode() if switches.forms == "meet" else b"plain " + value.encode()).digest()


def _read_email(text: str, switches: Switches) -> bytes | None:
    if _HEXADECIMAL.fullmatch(text):
        known = switches.email_digests == "all" or len(text) != _MD5_LENGTH
        return unhexlify(text) if known and _case_is_right(text, switches) else None
    if _is_base64(text, switches):
        return a2b_base64(text)
    address = text.strip().lower()
    return _hashed(address, switches) if _EMAIL.fullmatch(address) else None


def _read_phone(text: str, switches: Switches) -> bytes | None:
    if len(text) == _SHA256_LENGTH and _HEXADECIMAL.fullmatch(text):
        return unhexlify(text) if _case_is_right(text, switches) else None
    if _is_base64(text, switches):
        return a2b_base64(text)
    return _hashed(text[1:], switches) if _PHONE.fullmatch(text) else None


def _read_madid(text: str, switches: Switches) -> bytes | None:
    if switches.other_digests == "valid" and _HEXADECIMAL.fullmatch(text):
        return text.lower().encode()
    if not _UUID.fullmatch(text) or (switches.madid_case == "lower" and text != text.lower()):
        return None
    return (text if switches.madid_case == "apart" else text.lower()).encode()


def _read_opaque(text: str, _: Switches) -> bytes | None:
    return text.encode() if _OPAQUE.fullmatch(text) else None


READERS: Mapping[str, Callable[[str, Switches], bytes | None]] = {
    "email": _read_email,
    "phoneNumber": _read_phone,
    "madid": _read_madid,
    "identityLink": _read_opaque,
    "gum": _read_opaque,
}
"""How each identifier type of Criteo's contact lists is read."""
