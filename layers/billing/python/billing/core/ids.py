"""Identifiers: random ones for what people make, derived ones for what runs make (so that a repeat is the same thing)."""

import hashlib
import re
import secrets
from zlib import crc32

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, lower case
_PAIRS = [high + low for high in _ALPHABET for low in _ALPHABET]
_HALF = (1 << 50) - 1
ID_PATTERN = r"^[a-z]{2,5}_[0-9a-z]{4,26}$"
_ID = re.compile(ID_PATTERN)
_WITHIN = re.compile(rf"\b{ID_PATTERN[1:-1]}\b")


def new_id(prefix: str) -> str:
    """A random id such as `cus_7m3k...` (100 bits)."""
    return f"{prefix}_{_encode(secrets.randbits(100))}"


def derived_id(prefix: str, *parts: object) -> str:
    """The same id for the same parts, always (100 bits of SHA-256). Parts are joined with their lengths, so no two lists collide."""
    text = "".join([f"{len(part)}:{part}" for part in map(str, parts)])
    digest = hashlib.sha256(text.encode()).digest()
    return f"{prefix}_{_encode(int.from_bytes(digest[:13], 'big') >> 4)}"


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def ids_within(text: str) -> list[str]:
    """The ids in a key that is made of several."""
    return _WITHIN.findall(text)


def content_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def shard_of(key: str, count: int) -> int:
    """Which of `count` index shards a key falls into: crc32, which never changes and is the same in every process."""
    return crc32(key.encode()) % count


def _encode(number: int) -> str:
    """A number of 100 bits as 20 digits of base 32, most significant first, two digits at a time."""
    high, low = number >> 50, number & _HALF
    return (
        f"{_PAIRS[high >> 40]}{_PAIRS[high >> 30 & 1023]}{_PAIRS[high >> 20 & 1023]}{_PAIRS[high >> 10 & 1023]}"
        f"{_PAIRS[high & 1023]}{_PAIRS[low >> 40]}{_PAIRS[low >> 30 & 1023]}{_PAIRS[low >> 20 & 1023]}"
        f"{_PAIRS[low >> 10 & 1023]}{_PAIRS[low & 1023]}"
    )
