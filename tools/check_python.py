"""Says what is missing when a Python cannot make this project's virtual environment.

Run by the Python in question, which may be an old one: it must be able to read this file.
"""

import sys

OLDEST = (3, 11)
HOW = "Name another one: make PYTHON=/path/to/python3 ..."

if sys.version_info < OLDEST:
    found = ".".join(map(str, sys.version_info[:3]))
    sys.exit(f"error: {sys.executable} is Python {found}; scopegate needs 3.11 or newer. {HOW}")
try:
    import ensurepip  # noqa: F401 - Debian leaves it out of python3, and venv fails without it
    import venv  # noqa: F401
except ImportError as fault:
    sys.exit(
        f"error: {sys.executable} cannot make virtual environments ({fault}). On Debian and Ubuntu:"
        f" apt-get install python3-venv. {HOW}"
    )
