"""One cell in, a typed value out, or a flaw that says what was expected."""
