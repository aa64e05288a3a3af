"""Keys to sign with, made here: none is kept, and no program need be there to make them."""

import base64
import random
import textwrap
from dataclasses import dataclass
from pathlib import Path

BITS = 2048
_EXPONENT = 65537
_SMALL_PRIMES = [n for n in range(3, 2000, 2) if all(n % d for d in range(3, int(n**0.5) + 1, 2))]
_NULL = b"\x05\x00"
_RSA = bytes.fromhex("06092a864886f70d010101")  # the object identifiers, as DER has them
_P256 = bytes.fromhex("06082a8648ce3d030107")


@dataclass(frozen=True)
class Key:
    """An RSA key: the file that signs, and the PEM text that verifies."""

    private: Path
    public: str


def make_key(path: Path) -> Key:
    """Make an RSA key and write it to `path`, as `openssl genrsa -traditional` does."""
    chance = random.SystemRandom()
    n, d, p, q = _find_numbers(chance)
    numbers = (0, n, _EXPONENT, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
    path.write_text(_pem("RSA PRIVATE KEY", _sequence(*map(_integer, numbers))))
    bare = _sequence(_integer(n), _integer(_EXPONENT))
    return Key(path, _pem("PUBLIC KEY", _sequence(_sequence(_RSA, _NULL), _tag(3, b"\x00" + bare))))


def write_elliptic_key(path: Path) -> Path:
    """Write a private key that is none of RSA, and the simplest there is."""
    parameters = _tag(0xA0, _P256)
    path.write_text(
        _pem("EC PRIVATE KEY", _sequence(_integer(1), _tag(4, bytes(31) + b"\x01"), parameters))
    )
    return path


def _find_numbers(chance: random.Random) -> tuple[int, int, int, int]:
    while True:
        p, q = _find_prime(chance), _find_prime(chance)
        order = (p - 1) * (q - 1)
        if p != q and order % _EXPONENT:
            return p * q, pow(_EXPONENT, -1, order), p, q


def _find_prime(chance: random.Random) -> int:
    """A prime of half the bits, of which two have a product of all of them."""
    while True:
        n = chance.getrandbits(BITS // 2) | (0b11 << (BITS // 2 - 2)) | 1
        # A number of this size, taken by chance, that is no prime hardly ever passes.
        if all(n % prime for prime in _SMALL_PRIMES) and pow(2, n - 1, n) == 1:
            return n


def _pem(label: str, der: bytes) -> str:
    lines = textwrap.wrap(base64.b64encode(der).decode(), 64)
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def _sequence(*parts: bytes) -> bytes:
    return _tag(0x30, b"".join(parts))


def _integer(n: int) -> bytes:
    return _tag(2, n.to_bytes(n.bit_length() // 8 + 1, "big"))


def _tag(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content
