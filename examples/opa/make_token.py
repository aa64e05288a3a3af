#!/usr/bin/env python3
"""Make a token for a role: `make_token.py FILE ROLE` prints it, and puts its hash into FILE."""

import hashlib
import json
import secrets
import sys
from pathlib import Path

file, role = Path(sys.argv[1]), sys.argv[2]
roles = json.loads(file.read_text()) if file.exists() else {}
token = secrets.token_urlsafe(32)
# One round without salt is enough: nobody guesses 256 random bits.
roles[hashlib.sha256(token.encode()).hexdigest()] = role
file.write_text(json.dumps(roles, indent=2) + "\n")
print(token)  # noqa: T201  it is what this is run for
