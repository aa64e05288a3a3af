"""Who may what: identities for these tests. All have tokens of project p1."""

from typing import Any

P1 = {"iam_project": "p1"}
E1 = {"enterprise_project": "e1"}

GRANTED: dict[str, list[tuple[dict[str, str], str, list[str]]]] = {
    "nobody": [],
    "getter": [(P1, "Allow", ["evs:snapshots:get"])],
    "lister": [(P1, "Allow", ["evs:snapshots:list"])],
    "deleter": [(P1, "Allow", ["evs:snapshots:delete"])],
    "writer": [(P1, "Allow", ["evs:snapshots:create", "evs:volumes:get"])],
    "admin": [(P1, "Allow", ["evs:*"])],
    "denied": [(P1, "Allow", ["evs:*"]), (P1, "Deny", ["evs:snapshots:*"])],
    "tester": [(E1, "Allow", ["evs:snapshots:*"])],
}
"""By id, at which scope a subject was granted what."""


def make_identity() -> dict[str, Any]:
    """What the identity bundle holds of them, and of the account itself."""
    policies = {
        f"{subject}-{number}": {
            "name": f"{subject}-{number}",
            "catalog": "CUSTOMED",
            "display_name": f"{subject} {number}",
            "Version": "1.1",
            "Statement": [{"Effect": effect, "Action": actions}],
        }
        for subject, granted in GRANTED.items()
        for number, (_, effect, actions) in enumerate(granted)
    }
    subjects: dict[str, Any] = {
        subject: {
            "grants": [
                {"scope": scope, "policies": [f"{subject}-{number}"]}
                for number, (scope, _, _) in enumerate(granted)
            ]
        }
        for subject, granted in GRANTED.items()
    }
    return {
        "subjects": subjects | {"root": {"account_owner": True}},
        "groups": {},
        "policies": policies,
        "enterprise_projects": {},
        "taken_at": None,
    }


IDENTITY = make_identity()
CALLERS = (*GRANTED, "root", "stranger")
"""All of them, and one whom the bundle does not know."""
