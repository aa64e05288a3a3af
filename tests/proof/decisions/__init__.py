"""Random decisions: of a live OPA, of other engines, and of the oracle."""

from tests.proof.decisions.run import build_everything, prove, read_rows

__all__ = ["build_everything", "prove", "read_rows"]
