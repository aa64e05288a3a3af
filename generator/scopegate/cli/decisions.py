"""Decisions as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.console import Group
from rich.text import Text

from scopegate.cli.output import make_grid
from scopegate.live.questions import describe_scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from scopegate.live.asking import Decision

_MARKS: Final = {
    "granted": ("✓", "green"),
    "missing": ("✗", "red"),
    "denied": ("✗", "bold red"),
    "not looked at": ("·", "dim"),
}
_NOT_EVALUATED: Final = "is not evaluated: it grants nothing, and denies what it may deny"


def describe_decision(question: Any, decision: Decision) -> RenderableType:  # noqa: ANN401  any JSON
    """Describe a decision: the answer first, and then what it was made from."""
    rows = [
        *_describe_route(decision),
        *_describe_actions(decision),
        *_describe_rest(decision),
        (_label("revision"), Text(decision["revision"][:12], "dim")),
    ]
    return Group(
        Text.assemble(spell_answer(decision), (f"  {spell_request(question)}", "bold")),
        Text.assemble((decision["reason"], "bold"), f": {decision['message']}"),
        make_grid(*rows, indent=2),
    )


def spell_answer(decision: Decision) -> Text:
    """Spell whether the request is allowed."""
    return Text("✓ ALLOW", "bold green") if decision["allow"] else Text("✗ DENY", "bold red")


def spell_request(question: Any) -> str:  # noqa: ANN401  any JSON
    """Spell the request of a question, as far as it has one."""
    match question:
        case {"request": {"method": str(method), "path": str(path)}}:
            return f"{method} {path}"
        case _:
            return "(no request)"


def mark_action(action: str, decision: Decision) -> Text:
    """Spell a required action, with a mark that tells what became of it."""
    return Text.assemble(_MARKS[_find_state(action, decision)], f" {action}")


def describe_filter(enterprise_projects: Sequence[str]) -> Text:
    """Spell which enterprise projects an answer must be filtered by."""
    noun = "enterprise project" if len(enterprise_projects) == 1 else "enterprise projects"
    return Text(
        f"{noun} {', '.join(enterprise_projects)}" if enterprise_projects else "none", "yellow"
    )


def _find_state(action: str, decision: Decision) -> str:
    if decision["allow"] and decision["enterprise_projects"]:
        return "granted"
    states = ("granted", "missing", "denied")
    return next((state for state in states if action in decision[state]), "not looked at")


def _describe_route(decision: Decision) -> Iterator[tuple[Text, Text]]:
    route = decision["route"]
    if route is None:
        yield _label("route"), Text("none", "dim")
        return
    yield _label("route"), Text(f"{route['method']} {route['path']}")
    row = f"{route['provider']}/{route['table']}, row {route['row']}: {route['permission']}"
    yield Text(), Text(row)
    if route["mirrored_from"]:
        yield Text(), Text(f"mirrored from {route['mirrored_from']}", "dim")
    if route["case"]:
        yield Text(), Text(f"case {route['case']}")


def _describe_actions(decision: Decision) -> Iterator[tuple[Text, Text]]:
    """Describe what became of each required action, and where it is granted in vain."""
    label = _label("requires")
    if decision["route"] and not decision["required"]:
        yield label, Text("nothing", "dim")
    width = max(map(len, decision["required"]), default=0)
    for action in decision["required"]:
        text = mark_action(action, decision)
        text.pad_right(width - len(action))
        text.append(f"  {_find_state(action, decision)}")
        places = [
            describe_scope(each["scope"])
            for each in decision["ineffective"]
            if each["action"] == action
        ]
        if places:
            text.append(f"; granted in {', '.join(places)}, where it does not count", "yellow")
        yield label, text
        label = Text()


def _describe_rest(decision: Decision) -> Iterator[tuple[Text, Text]]:
    if decision["enterprise_projects"] is not None:
        yield _label("only in"), describe_filter(decision["enterprise_projects"])
    for each in decision["not_evaluated"]:
        place = (
            f"subject.grants[{each['grant']}].policies[{each['policy']}]"
            f".Statement[{each['statement']}]"
        )
        members = ", ".join(each["members"])
        yield _label("note"), Text(f"{place}: {members} {_NOT_EVALUATED}", "yellow")


def _label(text: str) -> Text:
    return Text(text, "dim")
