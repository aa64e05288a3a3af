"""Who calls, as a token says it: signed here, by a key that is made for the run."""

import base64
import hashlib
import json
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.distribution.keys import make_key

ISSUER = "https://iam.example.com"
AUDIENCE = "evs"
LIFETIME = 3600
# PKCS #1 v1.5: what stands before the hash says that it is a SHA-256.
_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")


@dataclass(frozen=True)
class Issuer:
    """Signs tokens with an RSA key."""

    modulus: int
    exponent: int
    private: int

    def jwks(self) -> str:
        """The public key, as whoever verifies wants it."""
        key = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "k1"}
        key |= {"n": encode(to_bytes(self.modulus)), "e": encode(to_bytes(self.exponent))}
        return json.dumps({"keys": [key]})

    @cache  # noqa: B019  # as many as there are callers
    def name(self, caller: str) -> str:
        """The token of a caller of project p1."""
        return self.sign(sub=caller, project_id="p1")

    def sign(self, **claims: object) -> str:
        """A token; a claim that is None is left out."""
        usual = {"iss": ISSUER, "aud": AUDIENCE, "exp": int(time.time()) + LIFETIME}
        told = {name: value for name, value in (usual | claims).items() if value is not None}
        header = {"alg": "RS256", "kid": "k1", "typ": "JWT"}
        signed = ".".join(encode(json.dumps(part).encode()) for part in (header, told))
        size = len(to_bytes(self.modulus))
        ending = b"\x00" + _SHA256 + hashlib.sha256(signed.encode()).digest()
        padded = b"\x00\x01".ljust(size - len(ending), b"\xff") + ending
        signature = pow(int.from_bytes(padded), self.private, self.modulus)
        return f"{signed}.{encode(signature.to_bytes(size))}"


def make_issuer(folder: Path) -> Issuer:
    """An issuer whose key did not exist before."""
    pem = make_key(folder / "issuer.pem").private.read_text()
    der = base64.b64decode("".join(pem.splitlines()[1:-1]))
    _, modulus, exponent, private, *_ = read_integers(der)
    return Issuer(modulus, exponent, private)


def read_integers(der: bytes) -> list[int]:
    """The integers of a sequence, as DER has them."""
    rest, found = take(der)[0], []
    while rest:
        number, rest = take(rest)
        found.append(int.from_bytes(number))
    return found


def take(der: bytes) -> tuple[bytes, bytes]:
    """The content of the first value, and what follows that value."""
    start, size = 2, der[1]
    if size >= 0x80:
        start += size - 0x80
        size = int.from_bytes(der[2:start])
    return der[start : start + size], der[start + size :]


def to_bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8)


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
