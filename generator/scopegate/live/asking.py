"""Decisions asked for: of a running OPA over HTTP, or of a bundle without any server."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias, TypeVar
from urllib.parse import urlsplit

from scopegate.errors import ScopegateError, quote_text, spell_command, spell_string

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import requests

    from scopegate.live.opa import Opa
    from scopegate.live.questions import Question

Decision: TypeAlias = dict[str, Any]
"""What `data.scopegate.decision` is; docs/decisions.md says what each member means."""

DECISION_PATH: Final = "/v1/data/scopegate/decision"
"""Where a running OPA is asked for it."""

ItemT = TypeVar("ItemT")

_BATCH: Final = 1000
"""Questions asked at once: about a second's, and within what examples/opa lets a question have."""

_DECISIONS: Final = """\
answer := [decision |
    some [i, j, k] in input.questions
    question := object.union_n([input.requests[i], input.subjects[j], input.resources[k]])
    decision := data.scopegate.decision with input as question
]"""

_WITHOUT: Final = """\
answer := [decision.allow |
    some n, [i, j, k] in input.questions
    patch := [{"op": "replace", "path": input.paths[n], "value": ":"}]
    subject := {"subject": json.patch(input.subjects[j].subject, patch)}
    question := object.union_n([input.requests[i], subject, input.resources[k]])
    decision := data.scopegate.decision with input as question
]"""
# Of an action that is left out: `:` is the name of none.

_HAS_NO_RULES: Final = "undefined function data.scopegate."
_PORTS: Final = {"http": 80, "https": 443}
_TOKEN: Final = re.compile(r"[!-~]+")
_BESIDE_RESULT: Final = {"decision_id", "explanation", "metrics", "provenance", "warning"}
_IS_NO_OPA: Final = "does not answer as an OPA does"
_UNAUTHORIZED: Final = 401
_QUERY_SECONDS: Final = 120.0


class NoDecisionError(ScopegateError):
    """There is no answer, or the answer is no decision."""


class Engine(ABC):
    """An OPA with the bundle, and perhaps with identities: whoever has questions asks one.

    `tell` is called with the number of questions after each batch of many that is decided.
    """

    def __init__(self) -> None:
        self.tell: Callable[[int], object] = lambda _: None

    @abstractmethod
    def decide(self, question: object) -> Decision:
        """Ask for the decision; raises NoDecisionError where none comes."""

    @abstractmethod
    def query(self, query: str, given: object) -> Any:  # noqa: ANN401  any JSON
        """Give the value that a query of Rego assigns to `answer`, with `given` as its input.

        Raises NoDecisionError where it assigns none, and ScopegateError where OPA refuses.
        """

    def decide_all(self, questions: Sequence[Question]) -> list[Decision]:
        """Ask for the decisions of many questions, in their order, a thousand at a time.

        Raises what `query` does.
        """
        decisions: list[Decision] = []
        for batch in split_batches(questions):
            answers = self.query(_DECISIONS, _fold_questions(batch))
            decisions += self._check(answers, batch, is_decision)
        return decisions

    def allow_without(self, questions: Sequence[tuple[Question, str]]) -> list[bool]:
        """Ask which questions are allowed without an action, to which a JSON Pointer leads.

        It leads into the subject, whose grants are sent once for all that are left out. Raises what
        `query` does.
        """
        allowed: list[bool] = []
        for batch in split_batches(questions):
            folded = _fold_questions([question for question, _ in batch])
            answers = self.query(_WITHOUT, {**folded, "paths": [path for _, path in batch]})
            allowed += self._check(answers, batch, lambda each: isinstance(each, bool))
        return allowed

    def _check(
        self, answers: object, batch: Sequence[object], is_one: Callable[[object], bool]
    ) -> list[Any]:
        """Check that there is an answer to each question, and tell how many were asked."""
        if not isinstance(answers, list) or len(answers) != len(batch):
            answers = [None]
        if not all(map(is_one, answers)):
            raise NoDecisionError("OPA gives no decision: is it a scopegate bundle?")
        self.tell(len(batch))
        return answers


class BundleEngine(Engine):
    """OPA evaluating a bundle, without any server; `beside` are bundles of data."""

    def __init__(self, bundle: Path, *, beside: Sequence[Path] = (), opa: Opa) -> None:
        super().__init__()
        self._bundle = bundle
        self._opa = opa
        self._args = ["eval", "--stdin-input", "--format", "json"]
        for each in (bundle, *beside):
            self._args += ["--bundle", str(each)]

    def decide(self, question: object) -> Decision:
        """Evaluate the decision; raises NoDecisionError, and ScopegateError for a bad bundle."""
        decision = self.query("answer := data.scopegate.decision", question)
        if not is_decision(decision):
            raise NoDecisionError(self._describe_foreign())
        found: Decision = decision
        return found

    def query(self, query: str, given: object) -> Any:  # noqa: ANN401  any JSON
        """Evaluate a query."""
        try:
            done = self._opa.run([*self._args, query], stdin=json.dumps(given))
        except ScopegateError as error:
            if _HAS_NO_RULES in str(error):
                raise NoDecisionError(self._describe_foreign()) from None
            # OPA's words stand amid JSON.
            words = "; ".join(re.findall(r'"message": "((?:[^"\\]|\\.)*)"', str(error)))
            raise ScopegateError(f"{self._bundle}: OPA says: {words or error}") from None
        match json.loads(done.stdout):
            case {"result": [{"bindings": {"answer": answer}}]}:
                return answer
            case _:
                raise NoDecisionError(self._describe_foreign())

    def _describe_foreign(self) -> str:
        return f"{self._bundle} gives no decision: is it a scopegate bundle?"


class Server(Engine):
    """A running OPA that has the bundle, asked through opa-python-client; a context manager.

    `url` is its address, `http://127.0.0.1:8181`; `token` is for one that answers only whom it
    knows. An answer is waited for `seconds`. Raises ScopegateError where the address is none.
    """

    def __init__(self, url: str, *, token: str | None = None, seconds: float = 5.0) -> None:
        # It costs more time than all the rest, and most commands ask no server.
        from opa_client.opa import OpaClient  # type: ignore[import-untyped]  # noqa: PLC0415

        super().__init__()
        host, port, secure = split_url(url)
        self.url = url
        # No retries: the client would also ask again after an answer of 500, which is one.
        self._client = OpaClient(
            host=host, port=port, ssl=secure, token=token, retries=0, timeout=seconds
        )
        # A redirected question goes on as a GET, without its input: that would be decided instead.
        self._client._session.max_redirects = 0  # noqa: SLF001  nothing public leads there

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close_connection()

    def is_healthy(self) -> bool:
        """Tell whether the server answers and its bundles are active."""
        return bool(self._client.check_health(query={"bundles": True}))

    def decide(self, question: object) -> Decision:
        """Ask for the decision; raises NoDecisionError, on one line, where none comes."""
        answer = self._ask(lambda: self._client.query_rule(question, "scopegate", "decision"))
        match answer:
            case {"result": result} if is_decision(result):
                decision: Decision = result
                return decision
            case dict() if answer.keys() <= _BESIDE_RESULT:
                fault = "answers without a decision: the scopegate bundle is not active there"
            case {"result": _}:
                fault = "answers with something else than a decision of scopegate"
            case _:
                fault = f"{_IS_NO_OPA}: what comes is JSON of another kind"
        raise NoDecisionError(f"{self.url} {fault}")

    def query(self, query: str, given: object) -> Any:  # noqa: ANN401  any JSON
        """Ask for the answer to a query, which a server may refuse to most callers."""
        # Of a thousand questions at once, which may each be large.
        seconds, self._client.timeout = self._client.timeout, _QUERY_SECONDS
        try:
            told = self._ask(lambda: self._client.ad_hoc_query(query, given))
        finally:
            self._client.timeout = seconds
        match told:
            case {"result": [{"answer": answer}]}:
                return answer
            case _:
                raise NoDecisionError(
                    f"{self.url} gives no answer: the scopegate bundle is not active there"
                )

    def _ask(self, send: Callable[[], Any]) -> Any:  # noqa: ANN401  any JSON
        import requests  # noqa: PLC0415  as above

        try:
            return send()
        except requests.RequestException as error:
            raise NoDecisionError(_describe_failure(self.url, error)) from None


def split_batches(items: Sequence[ItemT], most: int = _BATCH) -> Iterator[Sequence[ItemT]]:
    """Split what is asked about into as many as one query takes."""
    for start in range(0, len(items), most):
        yield items[start : start + most]


def read_token(file: Path) -> str:
    """Read the token that a file holds, and nothing else; raises ScopegateError otherwise."""
    token = file.read_text(encoding="utf-8", errors="replace").strip()
    if not _TOKEN.fullmatch(token):
        raise ScopegateError(f"{file} holds no token: expected one word of printable ASCII")
    return token


def is_decision(value: object) -> bool:
    """Tell whether a value is a decision of scopegate."""
    match value:
        case {"allow": bool(), "reason": str(), "revision": str()}:
            return True
        case _:
            return False


def _fold_questions(questions: Sequence[Question]) -> dict[str, Any]:
    """Put each request, subject and resource once: most are of one subject, with all its grants."""
    found: dict[str, dict[str, int]] = {"request": {}, "subject": {}, "resource": {}}
    numbers = [
        [
            places.setdefault(
                json.dumps({part: question[part]} if part in question else {}), len(places)
            )
            for part, places in found.items()
        ]
        for question in questions
    ]
    parts = {f"{part}s": [json.loads(each) for each in places] for part, places in found.items()}
    return {**parts, "questions": numbers}


def split_url(url: str) -> tuple[str, int, bool]:
    """Split an address into host and port, and whether it is one of HTTPS.

    Raises ScopegateError where it is none.
    """
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


def _describe_failure(url: str, error: requests.RequestException) -> str:
    """Describe on one line why nothing came that could be a decision."""
    import requests  # noqa: PLC0415  as above

    if error.response is not None:
        return f"{url} {_describe_refusal(error.response)}"
    match error:
        case requests.JSONDecodeError():
            return f"{url} {_IS_NO_OPA}: what comes is no JSON"
        case requests.exceptions.SSLError():
            reason = re.search(r"\] (.+?) \(_ssl", str(error))  # OpenSSL's words, amid others
            return (
                f"{url}: {reason[1] if reason else error}; REQUESTS_CA_BUNDLE=ca.pem names an"
                " authority of your own"
            )
        case requests.ConnectionError():
            return f"no OPA answers at {url}: `{spell_command('serve')}` starts one"
        case _:
            return f"{url}: {error}"


def _describe_refusal(response: requests.Response) -> str:
    """Describe an answer that is an error: in OPA's own words, where it is one of OPA's."""
    if response.is_redirect:
        return f"{_IS_NO_OPA}: it redirects to {quote_text(response.headers['location'])}"
    status = f"{response.status_code} {response.reason}"
    try:
        words = " ".join(_read_errors(response.json()))
    except ValueError:
        words = ""
    if not words:
        return f"{_IS_NO_OPA}: what comes is {status}"
    said = f"answers {status}: {spell_string(' '.join(words.split()))}"
    if response.status_code != _UNAUTHORIZED:
        return said
    asked = response.request.path_url.partition("?")[0]
    if "Authorization" in response.request.headers:
        return f"{said}; the token of --token-file may not POST {asked}"
    return f"{said}; --token-file names a file with the token of one who may POST {asked}"


def _read_errors(said: object) -> Iterator[str]:
    """Read the messages of an error of OPA's; where evaluation failed, it has others inside."""
    match said:
        case {"code": str(code), "message": str(message), **more}:
            yield f"{message} ({code})"
            inner = more.get("errors")
            for each in inner if isinstance(inner, list) else ():
                yield from _read_errors(each)
        case _:
            return
