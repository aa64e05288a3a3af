"""What gateways ask, in their own words, and what tests/gateways/ expects of the answers.

There a real Envoy alone says what OPA-Envoy does: of it there is junk here, and no case.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from tests.decisions.inputs.malformed import places, replaced, without
from tests.gateways import test_apisix, test_authzen, test_kong
from tests.gateways.served import CASES, CONFIGURATION, IDENTITY, Case
from tests.harness.made import write_data_bundle
from tests.proof.rules.asking import Batch

_ANSWERS: Final = """\
{i: answer |
    some i, [gateway, entry_point, given] in input
    answer := data.scopegate.gateways[gateway][entry_point] with input as given
}"""

_JUNK: Final[tuple[Any, ...]] = (None, 1, "", "é%", [], {}, [1], {"x": [None]})
"""What no gateway sends, for each place of an input."""

_TEMPLATE: Final = "/v2/{project_id}/cloudsnapshots/{snapshot_id}"
_ENVOY: Final = {
    "attributes": {
        "contextExtensions": {"service": "evs"},
        "metadataContext": {
            "filterMetadata": {
                "envoy.filters.http.jwt_authn": {"jwt_payload": {"sub": "user", "project_id": "p1"}}
            }
        },
        "request": {
            "http": {
                "headers": {"accept": "*/*"},
                "method": "GET",
                "path": "/v2/p1/cloudsnapshots/s1",
            }
        },
    },
    "parsed_body": {},
    "truncated_body": False,
}


def make_batch(folder: Path) -> Batch:
    """Make the questions; what the operator says is written into a new folder."""
    gateways = {**CONFIGURATION["gateways"], "provider": "huaweicloud"}
    config = {**CONFIGURATION, "gateways": gateways}
    beside = write_data_bundle(folder, {"scopegate_config": config, "scopegate_identity": IDENTITY})
    asked = list(_list_questions())

    def is_right(number: int, answer: Any) -> bool:  # noqa: ANN401  # JSON
        case, _ = asked[number]
        return answer is not None and (case is None or _answers(answer, case))

    return Batch(_ANSWERS, [question for _, question in asked], is_right, beside)


def _list_questions() -> Iterator[tuple[Case | None, Any]]:
    """List each case at each gateway, then junk, to which any answer will do."""
    for case in CASES:
        if case.reason == "operator_route":
            continue  # The made tables document that path.
        yield case, ["apisix", "answer", test_apisix.make_input(case)]
        yield case, ["kong", "answer", test_kong.make_input(case)]
        if case in test_authzen.EVALUATED:
            yield case, ["authzen", "evaluation", test_authzen.make_input(case)]
    allowed = Case("allowed")
    evaluation = test_authzen.make_input(allowed)
    template = test_authzen.make_input(replace(allowed, path=_TEMPLATE))
    batch = {**evaluation, "evaluations": [evaluation], "options": {}}
    for gateway, entry_point, given in (
        ("apisix", "answer", test_apisix.make_input(allowed)),
        ("kong", "answer", test_kong.make_input(allowed)),
        ("envoy", "answer", _ENVOY),
        ("authzen", "template", template),
        ("authzen", "evaluations", batch),
    ):
        for place in places(given):
            yield None, [gateway, entry_point, without(given, place)]
            for junk in _JUNK:
                yield None, [gateway, entry_point, replaced(given, place, junk)]


def _answers(answer: Mapping[str, Any], case: Case) -> bool:
    """Tell whether an answer is that of a case."""
    match answer:
        case {"decision": bool(allow), "context": {"reason": reason}}:
            return (allow, reason) == (case.status == 0, case.reason)
        case {"allow": allow, "decision": {"reason": reason}}:
            status = answer.get("status", answer.get("status_code", 0))
            return (allow, reason, status) == (case.status == 0, case.reason, case.status)
        case _:
            return False
