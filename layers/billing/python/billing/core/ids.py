"""Identifiers: random ones for what people make, derived ones for what runs make (so that a repeat is the same thing)."""

import hashlib
import re
import secrets
from zlib import crc32

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, lower case
_PAIRS = [high + low for high in _ALPHABET for low in _ALPHABET]
ID_PATTERN = r"^[a-z]{2,5}_[0-9a-z]{4,26}$"
_ID = re.compile(ID_PATTERN)


def new_id(prefix: str) -> str:
    """A random id such as `cus_7m3k...` (100 bits)."""
    return f"{prefix}_{_encode(secrets.randbits(100), 20)}"


def derived_id(prefix: str, *parts: object) -> str:
    """The same id for the same parts, always (100 bits of SHA-256). Parts are joined with their lengths, so no two lists collide."""
    text = "".join([f"{len(part)}:{part}" for part in map(str, parts)])
    digest = hashlib.sha256(text.encode()).digest()
    return f"{prefix}_{_encode(int.from_bytes(digest[:13], 'big') >> 4, 20)}"


def is_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def content_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def shard_of(key: str, count: int) -> int:
    """Which of `count` index shards a key falls in: crc32, the same in every process and for ever."""
    return crc32(key.encode()) % count


def _encode(number: int, length: int) -> str:
    """The lowest `length` digits in base 32, an even count of them, most significant first; two at a time."""
    pairs = []
    for _ in range(length // 2):
        pairs.append(_PAIRS[number & 1023])
        number >>= 10
    pairs.reverse()
    return "".join(pairs)
