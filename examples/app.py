#!/usr/bin/env python3
"""An application that asks the OPA beside it before it serves a request."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opa_client.opa import OpaClient
from requests import RequestException

OPA = OpaClient(
    port=int(os.environ.get("OPA_PORT", "8181")),
    headers={"Authorization": "Bearer " + os.environ["OPA_TOKEN"]},
    retries=0,
    timeout=0.5,
)
READER = {"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["evs:snapshots:list"]}]}
GRANTS = [{"scope": {"iam_project": "p1"}, "policies": [READER]}]
SUBJECTS = {"token-of-ann": {"id": "ann", "project_id": "p1", "grants": GRANTS}}


class Application(BaseHTTPRequestHandler):
    """Serves what is allowed, and nothing while there is no decision: OPA is late, or away."""

    def do_GET(self) -> None:
        """Ask with the path as it came, not decoded, and for whom the token was given to."""
        subject = SUBJECTS.get(self.headers["X-Auth-Token"])
        if subject is None:  # who it is comes before what they may do: OPA is not asked
            self.answer(401, "unknown_token")
            return
        question = {"request": {"method": self.command, "path": self.path}, "subject": subject}
        try:
            answer = OPA.query_rule(question, "scopegate", "decision")
            decision = answer["result"]
        except (RequestException, KeyError):
            decision = {"allow": False, "reason": "no_decision"}
        else:  # OPA's log has the same id, and does not say who it was
            self.log_message("decision %s is for %s", answer.get("decision_id"), subject["id"])
        self.answer(200 if decision["allow"] else 403, decision["reason"])

    def answer(self, status: int, reason: str) -> None:
        """Answer with the reason alone."""
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps({"reason": reason}).encode())

    do_DELETE = do_POST = do_PUT = do_GET  # noqa: N815  the names are http.server's


if __name__ == "__main__":
    ThreadingHTTPServer(
        ("127.0.0.1", int(os.environ.get("PORT", "8000"))), Application
    ).serve_forever()
