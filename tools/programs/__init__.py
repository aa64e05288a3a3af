"""Brings OPA and its SDK, Regal and what some tests need into the project's own tools folder.

`python -m tools.programs opa` leaves the version that `tools/opa/go.mod` pins in `.tools/bin/`:
downloaded where that works, else built from the Go module. `tools.programs.catalog` has the
others, and `tools.programs.environments` makes `.venv/`, before anything is in it. All this needs
nothing but the standard library, and writes nothing outside the project's folder but what pip, npm
and Go cache.
"""
