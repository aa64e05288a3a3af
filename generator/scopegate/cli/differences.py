"""What two editions decide differently, as people and programs read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from rich.text import Text

from scopegate.cli.decisions import spell_answer, spell_request
from scopegate.cli.output import count, list_facts
from scopegate.errors import escape_unseen, quote_text
from scopegate.live.questions import describe_scope
from scopegate.policies.differences import Difference, Kind, Standing, count_kinds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scopegate.live.asking import Decision
    from scopegate.policies.witnesses import Witness

_WIDTH: Final = 80
_MARGIN: Final = 11
"""Where the second column begins, below what it is about."""

_STYLES: Final = {
    Kind.OPENED: "bold green",
    Kind.CLOSED: "bold red",
    Kind.MOVED: "bold yellow",
    Kind.SCOPE: "bold yellow",
    Kind.SHADOWED: "bold yellow",
    Kind.WORDING: "dim",
}
_SCOPES: Final = {
    "iam_project": "IAM project",
    "enterprise_project": "enterprise project",
    "enterprise_projects": "enterprise projects that the query selects",
}
_MEMBERS: Final = ("required", "enterprise_projects", "missing", "ineffective")
"""What is shown of two decisions that have the same reason and route, where it differs."""


def spell_counts(differences: Sequence[Difference]) -> Text:
    """Spell how many differences there are, of which kinds, and what opens and closes."""
    told = Text(f"{count(len(differences), 'difference')}: ")
    facts = (f"{number:,} {kind}" for kind, number in count_kinds(differences).items())
    return told.append_text(list_facts(*facts))


def describe_difference(difference: Difference) -> Iterator[Text]:
    """Describe a difference in lines: what it is, before and after, and what shows it."""
    kind = Text(difference.kind, _STYLES[difference.kind])
    yield Text.assemble(kind, "  ", (str(difference), "bold"))
    yield from _put_beside("of", [difference.api])
    if difference.kind is Kind.WORDING:
        for name, before, after in difference.words:
            yield from _put_beside("before", [f"{name} {_spell_word(before)}"])
            yield from _put_beside("after", [f"{name} {_spell_word(after)}"])
        return
    for label, standing in (("before", difference.before), ("after", difference.after)):
        yield from _put_beside(label, _list_lines(difference, standing))
    for witness in difference.witnesses:
        yield from _put_beside(_spell_effect(witness), list(_describe_witness(witness)))


def split_renumbered(
    differences: Sequence[Difference],
) -> tuple[list[Difference], list[Difference]]:
    """Split off what differs in the number of a row alone: one row more renumbers all below it."""
    renumbered = [each for each in differences if [name for name, *_ in each.words] == ["row"]]
    return [each for each in differences if each not in renumbered], renumbered


def spell_renumbered(renumbered: Sequence[Difference]) -> str:
    """Spell how many differ in the number of a row alone."""
    verb = "differs" if len(renumbered) == 1 else "differ"
    return f"{count(len(renumbered), 'route')} {verb} in the number of a row alone"


def spell_value(difference: Difference) -> dict[str, Any]:
    """Spell a difference for programs, with the whole decisions."""
    return {
        "kind": str(difference.kind),
        "provider": difference.provider,
        "service": difference.service,
        "method": difference.method,
        "path": difference.path,
        "case": difference.case,
        "opens": difference.opens,
        "closes": difference.closes,
        "before": _spell_standing(difference.before),
        "after": _spell_standing(difference.after),
        "witnesses": [
            {
                "input": each.question,
                "before": each.answers.before,
                "after": each.answers.after,
            }
            for each in difference.witnesses
        ],
        "words": {name: {"before": old, "after": new} for name, old, new in difference.words},
    }


def spell_markdown(old: str, new: str, differences: Sequence[Difference]) -> str:
    """Spell differences as Markdown: a table, and what shows each below it."""
    head = f"### What changes from {_code(old)} to {_code(new)}\n\n"
    if not differences:
        return f"{head}No differences: the same is allowed by both.\n"
    lines = [head, f"{spell_counts(differences).plain}\n\n", "| | route | before | after |\n"]
    lines.append("|---|---|---|---|\n")
    told, renumbered = split_renumbered(differences)
    for each in told:
        cells = [f"**{each.kind}**", f"{_code(str(each))} {each.api}"]
        if each.kind is Kind.WORDING:
            cells.append(
                "; ".join(f"{name} {_code(_spell_word(old))}" for name, old, _ in each.words)
            )
            cells.append(
                "; ".join(f"{name} {_code(_spell_word(new))}" for name, _, new in each.words)
            )
        else:
            cells += [
                "<br>".join(map(_code, _list_lines(each, side)))
                for side in (each.before, each.after)
            ]
        lines.append(f"| {' | '.join(cells)} |\n")
    if renumbered:
        lines.append(f"\n{spell_renumbered(renumbered)}.\n")
    shown = [each for each in differences if each.witnesses]
    if shown:
        lines.append("\n<details><summary>Witnesses</summary>\n\n```text\n")
        for each in shown:
            lines.append(f"{each.kind}  {each}\n")
            for witness in each.witnesses:
                block = _put_beside(_spell_effect(witness), list(_describe_witness(witness)))
                lines += [f"{line.plain}\n" for line in block]
        lines.append("```\n\n</details>\n")
    return "".join(lines)


def _put_beside(label: str, lines: Sequence[str | Text]) -> Iterator[Text]:
    for line in lines:
        yield Text.assemble((f"  {label}".ljust(_MARGIN), "dim"), line)
        label = ""


def _list_lines(difference: Difference, standing: Standing) -> list[str]:
    """List what is said of the requests, as far as the other says otherwise."""
    if standing.route is None:
        return ["no route"]
    lines = []
    if difference.kind is Kind.SHADOWED:
        lines.append(f"{standing.route['method']} {standing.route['path']}")
    lines += _fill("needs ", standing.required or ("nothing",), ", ")
    if standing.needs_body:
        lines.append("a body must tell what of that")
    elif standing.required:
        scopes = [_SCOPES[each] for each in standing.scopes] or ["no project"]
        lines += _fill("granted in: ", scopes, ", ")
    sides = difference.before, difference.after
    if all(each.route for each in sides) and (
        difference.before.project_positions != difference.after.project_positions
    ):
        segments = difference.path.removeprefix("/").split("/")
        places = [segments[each] for each in standing.project_positions]
        lines.append(f"the token's project: {', '.join(places) or 'nowhere in the path'}")
    return lines


def _fill(begin: str, words: Sequence[str], between: str) -> list[str]:
    """Put words on lines that are no wider than a terminal, unless one of them is."""
    lines: list[str] = []
    line = begin
    for number, word in enumerate(words):
        more = word + (between.rstrip() if number < len(words) - 1 else "")
        if line != begin and _MARGIN + len(line) + len(more) + 1 > _WIDTH:
            lines.append(line.rstrip())
            line = " " * len(begin)
        line += f"{more} "
    return [*lines, line.rstrip()]


def _spell_effect(witness: Witness) -> str:
    if witness.answers.opens:
        return "opens"
    return "closes" if witness.answers.closes else "shows"


def _describe_witness(witness: Witness) -> Iterator[str | Text]:
    question = witness.question
    yield spell_request(question)
    if "body" in question["request"]:
        yield f"body {escape_unseen(json.dumps(question['request']['body'], ensure_ascii=False))}"
    token = f"token of IAM project {question['subject']['project_id']}"
    yield f"{token}, {'granted nothing' if not question['subject']['grants'] else 'granted'}"
    for grant in question["subject"]["grants"]:
        actions = grant["policies"][0]["Statement"][0]["Action"]
        place = describe_scope(grant["scope"])
        yield from (f"  {line}" for line in _fill("", [*actions, f"in {place}"], " "))
    if "resource" in question:
        yield f"resource of enterprise project {question['resource']['enterprise_project_id']}"
    before, after = witness.answers.before, witness.answers.after
    yield from _describe_decision("before", before, after)
    yield from _describe_decision("after", after, before)


def _describe_decision(side: str, decision: Decision, other: Decision) -> Iterator[Text | str]:
    route = decision["route"]
    named = f"{route['method']} {route['path']}" if route else "no route"
    case = f" [{route['case']}]" if route and route["case"] else ""
    yield Text.assemble(side.ljust(8), spell_answer(decision), f"  {decision['reason']}")
    yield f"          {named}{case}"
    if (decision["allow"], decision["reason"]) == (other["allow"], other["reason"]):
        for member in _MEMBERS:
            if decision[member] != other[member]:
                yield f"          {member} {json.dumps(decision[member], ensure_ascii=False)}"


def _spell_standing(standing: Standing) -> dict[str, Any]:
    return {
        "route": standing.route,
        "required": standing.required,
        "scopes": standing.scopes,
        "project_positions": standing.project_positions,
        "reason": standing.reason,
    }


def _spell_word(value: Any) -> str:  # noqa: ANN401  any JSON
    return quote_text(value) if isinstance(value, str) else "none" if value is None else str(value)


def _code(text: str) -> str:
    """Put text into a cell; what would end the cell or the code is escaped, or replaced."""
    escaped = text.replace("|", r"\|").replace("`", "'")
    return f"`{escaped}`"
