"""Small programs that stand for OPA, Go and pip."""

from pathlib import Path


def write_program(path: Path, script: str) -> Path:
    """Write an executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def write_versioned(path: Path, version: str) -> Path:
    """Write a program that says it is OPA, or Regal, of this version."""
    return write_program(path, f"echo 'Version: {version}'")
