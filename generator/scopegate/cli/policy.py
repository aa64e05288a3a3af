"""`scopegate policy`: what policies open, what calls need, and what is odd about policies."""

from scopegate.cli import make_group
from scopegate.cli.lint import lint
from scopegate.cli.needs import needs
from scopegate.cli.opens import opens


def describe() -> None:
    """Ask what policies open, what calls need, and what is odd about policies.

    All of it is asked of the bundle, as a decision would be: nothing else reads a policy.

    For example:
      scopegate policy opens reader.json
      scopegate policy needs --table evs/snapshots --only-reading
      scopegate policy lint policies/
    """


policy = make_group(describe, {"opens": opens, "needs": needs, "lint": lint})
"""The command that has the others."""
