"""Questions to a running OPA, through opa-python-client."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from opa_client.opa import OpaClient  # type: ignore[import-untyped]
from opa_client.opa_async import AsyncOpaClient  # type: ignore[import-untyped]

from tests.oracle import ABSENT, Decision, Given

# Of connections at once. The client's own work is what takes the time; more do not make it faster.
CONNECTIONS = 16

DECISION = "decision"
ALLOW = "allow"


class NoDecisionError(Exception):
    """OPA answered, or failed to, without a decision. It is always defined, so this is a defect."""


class Client:
    """Asks one OPA. To be used as a context manager."""

    def __init__(self, url: str, *, token: str | None = None) -> None:
        parts = urlsplit(url)
        self._server: dict[str, Any] = {
            "host": parts.hostname,
            "port": parts.port or (443 if parts.scheme == "https" else 80),
            "ssl": parts.scheme == "https",
            "token": token,
            # The client would ask again after a 500, which a conflict among the rules is.
            "retries": 0,
            "timeout": 30,
        }
        self._client = OpaClient(**self._server)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close_connection()

    def ask(self, rule: str, given: Given) -> Any:  # noqa: ANN401  # whatever the rule is
        """The value of `data.scopegate.<rule>` for one input, which may be ABSENT.

        Raises NoDecisionError when it is undefined or OPA answers with an error.
        """
        try:
            if given is ABSENT:
                # Nothing public of the client leaves out the input, other than by a GET, which
                # an OPA for production need not answer.
                answer = self._client._session.post(  # noqa: SLF001
                    f"{self._client.root_url}/data/scopegate/{rule}", json={}
                )
                answer.raise_for_status()
                return read_result(answer.json())
            return read_result(self._client.query_rule(given, "scopegate", rule))
        except requests.RequestException as error:
            raise NoDecisionError(explain(error)) from error

    def decide(self, given: Given) -> Decision:
        """The decision for one input."""
        decision: Decision = self.ask(DECISION, given)
        return decision

    def decide_all(self, inputs: Sequence[Given]) -> list[Decision | NoDecisionError]:
        """The decision for each of many inputs, in their order, each by a query of its own."""
        return asyncio.run(self._decide_all(inputs))

    async def _decide_all(self, inputs: Sequence[Given]) -> list[Decision | NoDecisionError]:
        decisions: dict[int, Decision | NoDecisionError] = {}
        numbered = iter(enumerate(inputs))

        async def ask_in_turn(
            client: AsyncOpaClient, numbered: Iterator[tuple[int, Given]]
        ) -> None:
            for number, given in numbered:
                decisions[number] = await decide_async(client, given)

        async with AsyncOpaClient(**self._server) as client:
            await asyncio.gather(*(ask_in_turn(client, numbered) for _ in range(CONNECTIONS)))
        return [decisions[number] for number in range(len(inputs))]


async def decide_async(client: AsyncOpaClient, given: Given) -> Decision | NoDecisionError:
    """The decision for one input, or why there is none."""
    try:
        if given is ABSENT:
            url = f"{client.root_url}/data/scopegate/{DECISION}"
            async with client._request("POST", url, json={}) as answer:  # noqa: SLF001  # as above
                answer.raise_for_status()
                body = await answer.json()
        else:
            body = await client.query_rule(given, "scopegate", DECISION)
        decision: Decision = read_result(body)
    except Exception as error:  # noqa: BLE001  # whatever the transport raises
        return NoDecisionError(f"{type(error).__name__}: {error}")
    return decision


def read_result(body: dict[str, Any]) -> Any:  # noqa: ANN401  # whatever the rule is
    """The `result` of an answer; where a rule is undefined OPA answers 200 without one."""
    if "result" not in body:
        raise NoDecisionError(f"undefined: the answer is {body}")
    return body["result"]


def explain(error: requests.RequestException) -> str:
    """An error in OPA's own words where it answered with any."""
    said = error.response.text if error.response is not None else ""
    return f"{type(error).__name__}: {error}\n{said}".strip()
