"""Random decisions: of a live OPA, of other engines, and of the oracle."""

from tests.proof.decisions.run import prove

__all__ = ["prove"]
