"""Roles that take effect only beside others: circles of them, in which none does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from scopegate.identity.model import RoleName


def find_circles(
    named: Mapping[RoleName, Collection[RoleName]],
) -> Iterator[tuple[RoleName, RoleName]]:
    """Find the roles that depend on themselves.

    `named` has for each role those that it names. Yields pairs of a role and one that it names
    which depends on it in turn: at least one of each circle. No recursion, since a chain of roles
    is as long as its author wants it.
    """
    done: set[RoleName] = set()
    for start in named:
        if start in done:
            continue
        path = {start}
        stack = [(start, iter(named[start]))]
        while stack:
            role, others = stack[-1]
            for other in others:
                if other in path:
                    yield role, other
                elif other in named and other not in done:
                    path.add(other)
                    stack.append((other, iter(named[other])))
                    break
            else:
                stack.pop()
                path.remove(role)
                done.add(role)
