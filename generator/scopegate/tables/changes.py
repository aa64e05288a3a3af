"""A change between two editions of a table, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

from scopegate.cells.endpoints import PARAMETER
from scopegate.errors import spell_string
from scopegate.tables.model import Support

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from scopegate.tables.model import Alternative, Case, Endpoint, Row, Scopes


class ChangeKind(StrEnum):
    """What has changed: first what opens or closes something, then the rest."""

    ROUTE_ADDED = "route-added"
    ROUTE_REMOVED = "route-removed"
    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    AUTHORIZATION_CHANGED = "authorization-changed"
    ACTION_ADDED = "action-added"
    ACTION_REMOVED = "action-removed"
    SCOPE_OPENED = "scope-opened"
    SCOPE_CLOSED = "scope-closed"
    ALTERNATIVES_CHANGED = "alternatives-changed"
    CASES_CHANGED = "cases-changed"
    MIRROR_ADDED = "mirror-added"
    MIRROR_REMOVED = "mirror-removed"
    ROW_ADDED = "row-added"
    ROW_REMOVED = "row-removed"
    QUERY_CHANGED = "query-changed"
    REARRANGED = "rearranged"
    NOTES_CHANGED = "notes-changed"
    DOCUMENT_CHANGED = "document-changed"
    REWORDED = "reworded"
    PARAMETER_RENAMED = "parameter-renamed"

    @property
    def rank(self) -> int:
        """Where changes of this kind are told: 0 opens or closes a route, 3 comes last."""
        return _RANKS.get(self, 0)


_RANKS: Final = {
    ChangeKind.ROW_ADDED: 1,
    ChangeKind.ROW_REMOVED: 1,
    ChangeKind.QUERY_CHANGED: 1,
    ChangeKind.REARRANGED: 1,
    ChangeKind.NOTES_CHANGED: 1,
    ChangeKind.DOCUMENT_CHANGED: 1,
    ChangeKind.REWORDED: 2,
    ChangeKind.PARAMETER_RENAMED: 3,
}
_OPENNESS: Final = (Support.UNSUPPORTED, Support.UNDOCUMENTED, Support.SUPPORTED)
_NOTHING: Final = "none"
_Item = TypeVar("_Item", bound="Hashable")


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    `subject` is what it is about: endpoints of a row, its sentence where it has none, a mirror, a
    document. `text` is what has changed, in words and in what the editions say.
    """

    kind: ChangeKind
    subject: str
    text: str

    def __str__(self) -> str:
        """Spell the change on one line."""
        return f"{self.kind}  {self.subject}: {self.text}"


def describe_rows(earlier: Row, later: Row) -> Iterator[tuple[ChangeKind, str]]:
    """Describe how the later of two editions of a row differs, whatever its endpoints are."""
    yield from _describe_resolution(earlier.unresolved, later.unresolved)
    yield from _describe_authorization(earlier.no_authorization, later.no_authorization)
    yield from _describe_actions(earlier, later)
    yield from _describe_scopes(earlier.scopes, later.scopes)
    if earlier.alternatives != later.alternatives:
        text = _describe_alternatives(earlier.alternatives, later.alternatives)
        yield ChangeKind.ALTERNATIVES_CHANGED, text
    if earlier.cases != later.cases:
        text = f"{_spell_cases(earlier.cases)} → {_spell_cases(later.cases)}"
        yield ChangeKind.CASES_CHANGED, text
    for name in ("roles", "notes"):
        old, new = getattr(earlier, name), getattr(later, name)
        if old != new:
            yield ChangeKind.NOTES_CHANGED, f"{name} {_quote(old)} → {_quote(new)}"
    if earlier.permission != later.permission:
        yield ChangeKind.REWORDED, tell_words(earlier.permission, later.permission)


def describe_endpoints(earlier: Endpoint, later: Endpoint) -> Iterator[tuple[ChangeKind, str]]:
    """Describe how the later of two endpoints of one shape differs."""
    if earlier.query != later.query:
        yield (
            ChangeKind.QUERY_CHANGED,
            f"query {earlier.query or _NOTHING} → {later.query or _NOTHING}",
        )
    if earlier.path != later.path:
        names = zip(PARAMETER.findall(earlier.path), PARAMETER.findall(later.path), strict=True)
        renamed = dict.fromkeys(f"{old} → {new}" for old, new in names if old != new)
        yield ChangeKind.PARAMETER_RENAMED, ", ".join(renamed)


def spell_endpoint(endpoint: Endpoint) -> str:
    """Spell an endpoint for people: `GET /v2/{project_id}/a?type=b`."""
    query = "" if endpoint.query is None else f"?{endpoint.query}"
    return f"{endpoint.method} {endpoint.path}{query}"


def spell_requirement(row: Row) -> str:
    """Spell what a row requires, for which requests, or why no route comes of it."""
    if row.no_authorization is not None:
        needs = [f"nothing, {spell_string(row.no_authorization)}"]
    else:
        needs = [", ".join(row.needed)] if row.needed else []
        needs.extend(map(_spell_alternative, row.alternatives))
    if row.unresolved is not None:
        needs.append(f"no route, {row.unresolved}")
    cases = f"for {_spell_cases(row.cases)}: " if row.cases else ""
    return cases + "; ".join(needs)


def tell_words(earlier: str, later: str) -> str:
    """Tell what words were, and are."""
    return f"{spell_string(earlier)} → {spell_string(later)}"


def _describe_resolution(
    earlier: str | None, later: str | None
) -> Iterator[tuple[ChangeKind, str]]:
    if earlier == later:
        return
    if later is None:
        yield ChangeKind.RESOLVED, f"a route comes of it, was {earlier}"
    elif earlier is None:
        yield ChangeKind.UNRESOLVED, f"no route comes of it, {later}"
    else:
        yield ChangeKind.UNRESOLVED, f"{earlier} → {later}"


def _describe_authorization(
    earlier: str | None, later: str | None
) -> Iterator[tuple[ChangeKind, str]]:
    if earlier == later:
        return
    if later is None:
        yield ChangeKind.AUTHORIZATION_CHANGED, "needs authorization"
    elif earlier is None:
        yield ChangeKind.AUTHORIZATION_CHANGED, f"needs no authorization, {spell_string(later)}"
    else:
        yield ChangeKind.REWORDED, tell_words(earlier, later)


def _describe_actions(earlier: Row, later: Row) -> Iterator[tuple[ChangeKind, str]]:
    added = _subtract(later.needed, earlier.needed)
    removed = _subtract(earlier.needed, later.needed)
    if added:
        yield ChangeKind.ACTION_ADDED, f"needs also {', '.join(added)}"
    if removed:
        yield ChangeKind.ACTION_REMOVED, f"needs no more {', '.join(removed)}"
    before, after = _spell_columns(earlier), _spell_columns(later)
    if not (added or removed) and before != after:
        yield ChangeKind.REARRANGED, f"{before} → {after}"


def _describe_scopes(earlier: Scopes, later: Scopes) -> Iterator[tuple[ChangeKind, str]]:
    """Describe the scopes that have changed, those that have changed alike together."""
    changed: dict[tuple[Support, Support], list[str]] = {}
    for name, before, after in (
        ("iam_project", earlier.iam_project, later.iam_project),
        ("enterprise_project", earlier.enterprise_project, later.enterprise_project),
    ):
        if before is not after:
            changed.setdefault((before, after), []).append(name)
    for (before, after), names in changed.items():
        is_opened = _OPENNESS.index(after) > _OPENNESS.index(before)
        kind = ChangeKind.SCOPE_OPENED if is_opened else ChangeKind.SCOPE_CLOSED
        yield kind, f"{', '.join(names)} {before} → {after}"


def _subtract(items: Iterable[_Item], others: Iterable[_Item]) -> list[_Item]:
    """List the items that are not among the others, in their order."""
    known = set(others)
    return [each for each in items if each not in known]


def _spell_columns(row: Row) -> str:
    dependencies = f", depends on {', '.join(row.dependencies)}" if row.dependencies else ""
    return (", ".join(row.actions) or _NOTHING) + dependencies


def _describe_alternatives(earlier: Sequence[Alternative], later: Sequence[Alternative]) -> str:
    told = (
        *(f"no more {_spell_alternative(each)}" for each in _subtract(earlier, later)),
        *(f"now {_spell_alternative(each)}" for each in _subtract(later, earlier)),
    )
    return "; ".join(told) or "in another order"


def _spell_alternative(alternative: Alternative) -> str:
    needed = ", ".join((*alternative.actions, *alternative.dependencies)) or "nothing more"
    cases = f" for {_spell_cases(alternative.cases)}" if alternative.cases else ""
    return f"{spell_string(alternative.label)}{cases} needs {needed}"


def _spell_cases(cases: Iterable[Case]) -> str:
    return ", ".join(map(str, cases)) or "all requests"


def _quote(texts: Iterable[str]) -> str:
    return ", ".join(map(spell_string, texts)) or _NOTHING
