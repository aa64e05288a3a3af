"""What an engine is to the measurement."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.bench.compared.asked import Asked


class Way(StrEnum):
    """What the time of an answer is the time of."""

    EVALUATION = "evaluation"
    HTTP = "HTTP"
    CALL = "call"

    @property
    def described(self) -> str:
        """What it is, for people."""
        match self:
            case Way.EVALUATION:
                return "evaluation, the server's timer"
            case Way.HTTP:
                return "the whole of HTTP, `http.client`"
            case Way.CALL:
                return "a call in the process"


class Engine(Protocol):
    """Something that was given the routes and grants, and can be asked."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def held(self) -> str:
        """What it was given, in its own words: `1,024 policies`."""

    def prepare(self, asked: Sequence[Asked]) -> None:
        """Spell requests in its own words, which is not measured."""

    def answer(self, number: int) -> tuple[bool, dict[Way, float]]:
        """Answer the request of that number; and what that took, in microseconds."""
