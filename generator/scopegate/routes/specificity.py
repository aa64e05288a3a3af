"""Which of the templates that fit the same paths count: the more specific ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scopegate.routes.template import fits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scopegate.routes.model import Route


def choose_specific(routes: Sequence[Route]) -> list[Route]:
    """Choose among routes that fit the same paths, and keep their order.

    Of one service and method those count than whose template no other is more specific: one, or
    several where they cross.
    """
    return [
        route
        for route in routes
        if not any(
            other.shape != route.shape
            and (other.api, other.method) == (route.api, route.method)
            and fits(route.shape, other.shape)
            for other in routes
        )
    ]
