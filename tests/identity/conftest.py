"""The command line, in a project of a test's own."""

from tests.cli.conftest import scopegate

__all__ = ["scopegate"]
