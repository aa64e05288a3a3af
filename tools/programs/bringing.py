"""Brings one tool, by the first of its ways that works."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scopegate.errors import ScopegateError
from scopegate.live.opa import BIN
from tools.programs.order import TOOLS_FOLDER, Order, Tool, UnavailableError
from tools.programs.turns import take_turn

if TYPE_CHECKING:
    from collections.abc import Sequence


def bring(tool: Tool, project: Path) -> Path:
    """Return the pinned version of the tool in the project's tools folder, brought if need be.

    What was found wanting on the way is said on standard error. Raises ScopegateError, with what
    was tried and what the person can do, when no way works. The program is put in its place whole
    and only after it told its version, so that a broken run leaves nothing half done; a second run
    at the same time waits for the first.
    """
    version = tool.pin(project) if tool.pin else None
    program = project / BIN / tool.name
    wanted = Order(tool, version, project, program)
    if _find_obstacle(wanted) is None:
        return program
    program.parent.mkdir(parents=True, exist_ok=True)
    with take_turn(project / TOOLS_FOLDER, wanted.say):
        if _find_obstacle(wanted) is not None:
            _bring_by_some_way(wanted)
    return program


def _bring_by_some_way(wanted: Order) -> None:
    tool, version, project = wanted.tool, wanted.version, wanted.project
    tried: list[str] = []
    with tempfile.TemporaryDirectory(prefix=f"{tool.name}-", dir=project / TOOLS_FOLDER) as folder:
        order = Order(tool, version, project, Path(folder) / tool.name)
        for way in tool.ways:
            try:
                way(order)
                if obstacle := _find_obstacle(order):
                    raise UnavailableError(obstacle)  # noqa: TRY301 - as the way itself would
            except UnavailableError as fault:
                order.say(str(fault))
                tried.append(str(fault))
                order.target.unlink(missing_ok=True)  # Go builds over no file that it did not build
            else:
                order.target.replace(wanted.target)
                return
    raise ScopegateError(
        f"{wanted} could not be brought{_spell_reasons(tried)}What you can do: {tool.advice}"
    )


def _spell_reasons(tried: Sequence[str]) -> str:
    """Spell why no way worked: on one line, unless a program's own lines are among it."""
    if any("\n" in reason for reason in tried):
        return ". Tried, in this order:\n" + "".join(f"  - {reason}\n" for reason in tried)
    return f": {'; '.join(tried)}. "


def _find_obstacle(order: Order) -> str | None:
    """Say why the program at the target is not what was ordered; None when it is."""
    answer = order.tool.ask(order.target)
    if answer is not None and order.version in {None, answer}:
        return None
    return f"what came answers {answer or 'nothing'} when asked for its version"
