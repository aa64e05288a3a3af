"""Decisions asked for: of a running OPA over HTTP, or of a bundle without any server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias
from urllib.parse import urlsplit

from scopegate.errors import ScopegateError

if TYPE_CHECKING:
    from pathlib import Path

    from scopegate.opa import Opa

Decision: TypeAlias = dict[str, Any]
"""What `data.scopegate.decision` is; docs/decisions.md says what each member means."""

DECISION_PATH: Final = "/v1/data/scopegate/decision"
"""Where a running OPA is asked for it."""

_PORTS: Final = {"http": 80, "https": 443}


class NoDecisionError(ScopegateError):
    """There is no answer, or the answer is no decision."""


class Server:
    """A running OPA that has the bundle, asked through opa-python-client; a context manager.

    `url` is its address, `http://127.0.0.1:8181`. An answer is waited for `seconds`. Raises
    ScopegateError where the address is none.
    """

    def __init__(self, url: str, *, seconds: float = 5.0) -> None:
        # It costs more time than all the rest, and most commands ask no server.
        from opa_client.opa import OpaClient  # type: ignore[import-untyped]  # noqa: PLC0415

        host, port, secure = _split_url(url)
        self.url = url
        # No retries: the client would also ask again after an answer of 500, which is one.
        self._client = OpaClient(host=host, port=port, ssl=secure, retries=0, timeout=seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close_connection()

    def is_healthy(self) -> bool:
        """Tell whether the server answers and its bundles are active."""
        return bool(self._client.check_health(query={"bundles": True}))

    def decide(self, question: object) -> Decision:
        """Ask for the decision; raises NoDecisionError where none comes."""
        import requests  # noqa: PLC0415  as above

        try:
            answer = self._client.query_rule(question, "scopegate", "decision")
        except requests.HTTPError as error:
            said = "" if error.response is None else error.response.text.strip()
            raise NoDecisionError(f"{error}\n{said}".strip()) from None
        except requests.ConnectionError:
            raise NoDecisionError(
                f"no OPA answers at {self.url}: `scopegate serve` starts one"
            ) from None
        except requests.RequestException as error:
            raise NoDecisionError(f"{self.url}: {error}") from None
        if not isinstance(answer, dict) or "result" not in answer:
            raise NoDecisionError(
                f"{self.url} answers without a decision: the scopegate bundle is not active there"
            )
        decision: Decision = answer["result"]
        return decision


def ask_bundle(question: object, *, bundle: Path, opa: Opa) -> Decision:
    """Let OPA evaluate the bundle for one question.

    Raises NoDecisionError where the bundle has none to give, and ScopegateError where OPA refuses
    the bundle.
    """
    args = ["eval", "--bundle", str(bundle), "--stdin-input", "--format", "json"]
    done = opa.run([*args, "data.scopegate.decision"], stdin=json.dumps(question))
    match json.loads(done.stdout):
        case {"result": [{"expressions": [{"value": dict() as decision}]}]}:
            return decision
        case _:
            raise NoDecisionError(f"{bundle} gives no decision: is it a scopegate bundle?")


def _split_url(url: str) -> tuple[str, int, bool]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in _PORTS or not parts.hostname or port == 0 or parts.path not in ("", "/"):
        raise ScopegateError(
            f"{url} is no address of an OPA server: expected one like http://127.0.0.1:8181"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return host, port or _PORTS[parts.scheme], parts.scheme == "https"
