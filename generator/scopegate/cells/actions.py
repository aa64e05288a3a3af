"""Action and dependency cells: what a caller needs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from scopegate.cells.text import Line, check_text, drop_escapes, read_lines
from scopegate.cells.wordings import (
    CROSSES,
    DASHES,
    IN_CASE,
    NO_AUTHORIZATION,
    SERVICES,
    SYSTEM_ROLE,
    normalise_wording,
)
from scopegate.errors import Flaw, quote_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from scopegate.sources.grid import Block

# Two or more segments. Their number and the service's name in the first are the vendor's affair.
ACTION: Final = re.compile(r"[A-Za-z0-9_-]+(?::[A-Za-z0-9_-]+)+")
# With stars, as dependencies have them; never the last of several that stand together.
ACTION_PATTERN: Final = re.compile(r"[A-Za-z0-9_*-]+(?::[A-Za-z0-9_*-]+)+")
_INSIDE_TEXT: Final = re.compile(r"(?<![\w:*-])[A-Za-z][\w-]*(?::[\w*-]+){2,}(?![\w:*-])", re.ASCII)

_BULLET: Final = re.compile(r"^(?:[•●·▪○◦■*-]\s+|[•●·▪○◦■]|\d+[.)]\s+)+")
# Bullets on one line; a star at the end of an action is none.
_INLINE_BULLETS: Final = re.compile(r"\s*[•●·▪○◦■]\s*|\s*(?<!\*)-\s+|(?:^|\s+)\*\s+")
_SEPARATORS: Final = re.compile(
    r"\s*[,;，；、|]\s*|\s+(?:and|or|和|及|与|或|/|&|\+)\s+|\s+|(?<!/)/(?=\w+:)"
)
_FOOTNOTE: Final = re.compile(r"\s*(?:\[[0-9]+\]|［[0-9]+］|\([0-9]\)|[①-⑨])$")
_IN_BRACKETS: Final = re.compile(r"^(?P<before>[^()（）]+?)\s*[(（](?P<inside>.+)[)）]\W*$")
_WORD: Final = re.compile(r"[\w:*.-]+(?:\s+[\w:*.-]+)?", re.ASCII)
_LIKE_ACTION: Final = re.compile(r"\w:\w|\w\.\w+\.\w|(?:^|\s)/\w", re.ASCII)
# With something that no action has, or without its end.
_MISSPELT: Final = re.compile(r"\w:[^\s:]*:\w|[A-Za-z0-9_]:[A-Za-z0-9_-]+[:：]$")
_MARKS: Final = re.compile(r"^[\s,;.、。\"'“”‘’`]+|[\s,;.、。\"'“”‘’`]+$")
_COLON: Final = re.compile(r"[:：]\s*")
_COLONS_OF_LABELS: Final = 5
_FEWEST_ITEMS: Final = 2
_GLUED: Final = 4
"""Segments that a single action has at most."""


@dataclass(frozen=True, slots=True)
class Group:
    """Actions under a label; None for those that are required in any case.

    `in_brackets` says that the label is a condition that stands in brackets behind the actions.
    """

    label: str | None
    actions: tuple[str, ...]
    in_brackets: bool = False


@dataclass(frozen=True, slots=True)
class ActionCell:
    """What a cell requires.

    `no_authorization` is the cell's wording that nothing is; `blank` is "" or the dash or cross
    that stands there instead, and None where something else does. `roles` are system roles.
    """

    groups: tuple[Group, ...] = ()
    no_authorization: str | None = None
    blank: str | None = None
    roles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = ()

    def join(self, other: ActionCell) -> ActionCell:
        """Join what a further cell of the same kind says."""
        return ActionCell(
            groups=(*self.groups, *other.groups),
            roles=(*self.roles, *other.roles),
            notes=(*self.notes, *other.notes),
            flaws=(*self.flaws, *other.flaws),
        )

    @property
    def actions(self) -> tuple[str, ...]:
        """All actions, each once."""
        return tuple(dict.fromkeys(each for group in self.groups for each in group.actions))


def parse_actions(blocks: Iterable[Block], services: Collection[str] = ()) -> ActionCell:
    """Read a cell of actions, whatever they stand in: lines, lists, behind labels, glued.

    `services` are first segments of actions that the page has elsewhere.
    """
    blocks = tuple(blocks)
    reader = _Reader(SERVICES | set(services))
    reader.flaws.extend(check_text(blocks))
    lines = reader.join_broken(read_lines(blocks))
    whole = " ".join(line.text for line in lines)
    wording = normalise_wording(whole)
    if wording in DASHES or wording in CROSSES:
        return ActionCell(blank=whole, flaws=tuple(reader.flaws))
    if wording.rstrip(".。") in NO_AUTHORIZATION:
        return ActionCell(no_authorization=whole, flaws=tuple(reader.flaws))
    reader.read(lines)
    roles = [role.strip() for note in reader.notes for role in SYSTEM_ROLE.findall(note)]
    groups = tuple(
        Group(label, tuple(dict.fromkeys(actions)), in_brackets)
        for label, actions, in_brackets in reader.groups
        if actions
    )
    if groups or roles:
        reader.flaws.extend(reader.text_flaws)
    else:
        message = f'expected actions as "evs:snapshots:create"; found {quote_text(whole)}'
        reader.flaws.append(Flaw("bad-action", message))
    return ActionCell(
        groups=groups,
        roles=tuple(dict.fromkeys(roles)),
        notes=tuple(reader.notes),
        flaws=tuple(reader.flaws),
    )


def _split_bullets(line: Line) -> list[Line]:
    """Split a list that lost its line breaks, as in a table of pipes: `- a:b:c - a:b:d`."""
    first, *parts = _INLINE_BULLETS.split(line.text)
    if first or len(parts) < _FEWEST_ITEMS:
        return [line]
    return [Line(part, line.depth + 1, begins_item=True) for part in parts if part]


def holds_action(blocks: Iterable[Block]) -> bool:
    """Tell whether a cell plainly holds an action."""
    texts = [_normalise(line.text) for line in read_lines(blocks)]
    return any(
        ACTION_PATTERN.fullmatch(word) and not word.startswith(("http:", "https:"))
        for text in texts
        for word in _split_words(text)
    )


def names_action(blocks: Sequence[Block]) -> bool:
    """Tell whether a cell names an action, in whatever words."""
    return holds_action(blocks) or any(find_inside(line.text) for line in read_lines(blocks))


def names_requirement(blocks: Sequence[Block]) -> bool:
    """Tell whether a cell names an action or a system role, in whatever words."""
    return names_action(blocks) or any(SYSTEM_ROLE.search(x.text) for x in read_lines(blocks))


def find_inside(text: str) -> list[str]:
    """Find what is plainly an action among other words."""
    return _INSIDE_TEXT.findall(_normalise(text))


def _normalise(text: str) -> str:
    return drop_escapes(unicodedata.normalize("NFKC", text))


def _drop_colon(text: str) -> str:
    """Drop the colon behind an action that stands above others: it is no label."""
    before = text.rstrip(":： ")
    return before if find_inside(before) == [before] else text


def _split_words(text: str) -> list[str]:
    plain = _MARKS.sub("", text)
    return [word for each in _SEPARATORS.split(plain) if (word := _MARKS.sub("", each))]


@dataclass(slots=True)
class _Reader:
    services: Collection[str]
    groups: list[tuple[str | None, list[str], bool]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    text_flaws: list[Flaw] = field(default_factory=list)  # on what is neither action nor label

    def join_broken(self, lines: Sequence[Line]) -> list[Line]:
        """Take off bullets and footnotes; join an action that is broken at a colon."""
        joined: list[Line] = []
        for line in (part for whole in lines for part in _split_bullets(whole)):
            text = _BULLET.sub("", _FOOTNOTE.sub("", drop_escapes(line.text)))
            before = joined[-1] if joined else None
            if not text:
                continue
            if before and self._is_broken(before.text, text):
                joined[-1] = Line(before.text + text, before.depth, before.begins_item)
                self._repair("an action on one line", f"{before.text} {text}")
            else:
                joined.append(Line(text, line.depth, line.begins_item))
        return joined

    def read(self, lines: Sequence[Line]) -> None:
        """Sort the lines of a cell: actions, labels above or before them, all else."""
        label: str | None = None
        depth = 0  # of the label
        for index, line in enumerate(lines):
            if label is not None and (
                line.depth < depth or (line.begins_item and line.depth <= depth)
            ):
                label = None
            if actions := self.find_actions(_drop_colon(line.text)):
                self._add(label, actions)
            elif (split := self._split_label(line.text))[1]:
                label, depth = split[0], line.depth
                self._add(label, split[1])
            elif bracketed := self._split_brackets(line.text):
                inside, actions = bracketed
                self.notes.append(inside)
                if find_inside(inside) or SYSTEM_ROLE.search(inside) or not IN_CASE.search(inside):
                    # It says what the action is for, who has it, or what it needs.
                    self._add(label, [*actions, *self._find_all_inside(inside)])
                else:
                    self._add(inside, actions, in_brackets=True)
                    if line.begins_item:  # what stands below it in its item is under it, too
                        label, depth = inside, line.depth
            elif self._is_label(lines, index):
                label, depth = line.text.rstrip(":： "), line.depth
            else:
                self._read_text(label, line.text)

    def find_actions(self, text: str, *, quiet: bool = False) -> list[str]:
        """Find the actions of text that holds nothing else; otherwise the list is empty."""
        plain = _MARKS.sub("", unicodedata.normalize("NFKC", text))
        words = _split_words(plain)
        if (
            words
            and all(map(ACTION_PATTERN.fullmatch, words))
            and not any(map(self._has_label, words))
        ):
            found = [action for word in words for action in self._split_glued(word)]
            if not quiet:
                if len(found) > len(words):
                    self._repair("actions apart from each other", text)
                self._check_services(found)
            return found
        compact = "".join(plain.split())
        head = compact.partition(":")[0]
        parts = re.split(r"(?<![:\s])\s+(?!:)", plain)  # blanks beside colons are inside
        is_one = len(parts) == 1 and compact.count(":") < _GLUED - 1
        if head in self.services and is_one and ACTION_PATTERN.fullmatch(compact):
            if not quiet:
                self._repair("an action without blanks", text)
            return [compact]
        return []

    def _check_services(self, actions: Iterable[str]) -> None:
        for action in actions:
            is_short = action.count(":") == 1 and not self._is_service(action.partition(":")[0])
            if is_short or action.startswith("-") or action.count(":") >= _GLUED:
                message = f"expected an action that begins with its service; found {action}"
                self.flaws.append(Flaw("odd-action", message))

    def _has_label(self, word: str) -> bool:
        """Tell whether a word is a label and an action: `Backup:evs:backupTags:list`."""
        segments = word.split(":")
        return (
            len(segments) == _GLUED
            and not self._is_service(segments[0])
            and self._is_service(segments[1])
        )

    def _is_broken(self, before: str, text: str) -> bool:
        """Tell whether an action goes on in the next line."""
        if not (before.endswith(":") or text.startswith(":")):
            return False
        first = before.partition(":")[0]
        return (
            (":" in before[:-1] or first in self.services)
            and (before + text).count(":") < _GLUED - 1
            and ACTION_PATTERN.fullmatch(before + text) is not None
            and text.partition(":")[0] not in self.services
        )

    def _split_label(self, text: str) -> tuple[str, list[str]]:
        """Split `label: action`; there are no actions where it is nothing of the kind."""
        for colon in islice(_COLON.finditer(text), _COLONS_OF_LABELS):
            head, tail = text[: colon.start()].strip(), text[colon.end() :]
            actions = self.find_actions(tail, quiet=True)
            if not actions or not head or find_inside(head):
                continue
            if self._is_service(actions[0].partition(":")[0]):
                return head, self.find_actions(tail)
        return "", []

    def _split_brackets(self, text: str) -> tuple[str, list[str]] | None:
        """Split `action (condition)`."""
        match = _IN_BRACKETS.match(text)
        actions = self.find_actions(match["before"]) if match else []
        return (match["inside"].strip(), actions) if match and actions else None

    def _is_label(self, lines: Sequence[Line], index: int) -> bool:
        """Tell whether a line without actions stands above some: in its item, if it begins one."""
        line = lines[index]
        if index + 1 == len(lines) or line.text[:1] in "(（" or SYSTEM_ROLE.fullmatch(line.text):
            return False
        if find_inside(line.text) or _MISSPELT.search(line.text):
            return False
        following = lines[index + 1]
        if line.begins_item and following.begins_item and following.depth <= line.depth:
            return False
        return bool(
            self.find_actions(following.text, quiet=True)
            or (following.depth > line.depth and self._split_label(following.text)[1])
        )

    def _read_text(self, label: str | None, text: str) -> None:
        """Read a sentence: the actions inside it are required too."""
        self._add(label, self._find_all_inside(text))
        self.notes.append(text)
        left = _MARKS.sub("", _INSIDE_TEXT.sub(" ", unicodedata.normalize("NFKC", text)))
        if SYSTEM_ROLE.search(text) or not re.search(r"\w", left):
            return
        # A word or two, or what looks like an action, may well be one that is misspelt.
        message = f"expected actions, labels and roles; found {quote_text(text)}"
        flaw = Flaw("unread-text", message)
        if _WORD.fullmatch(left) or _LIKE_ACTION.search(left):
            flaw = Flaw("bad-action", message)
        self.text_flaws.append(flaw)

    def _find_all_inside(self, text: str) -> list[str]:
        return [each for found in find_inside(text) for each in self._split_glued(found)]

    def _add(self, label: str | None, actions: Iterable[str], *, in_brackets: bool = False) -> None:
        actions = list(actions)
        if self.groups and self.groups[-1][0] == label and not in_brackets:
            self.groups[-1][1].extend(actions)
        else:
            self.groups.append((label, actions, in_brackets))

    def _is_service(self, name: str) -> bool:
        return name.casefold() in self.services or name in self.services

    def _split_glued(self, text: str) -> Iterator[str]:
        """Split actions that stand together without anything between them."""
        segments = text.split(":")
        services = sorted(
            {segments[0], *self.services}, key=lambda each: (each != segments[0], -len(each))
        )
        while len(segments) > _GLUED:
            cut = _find_cut(segments, services)
            if cut is None:
                break
            index, service = cut
            yield ":".join((*segments[:index], segments[index].removesuffix(service)))
            segments = [service, *segments[index + 1 :]]
        yield ":".join(segments)

    def _repair(self, expected: str, found: str) -> None:
        message = f"expected {expected}; found {quote_text(found)}"
        self.flaws.append(Flaw("repaired-action", message))


def _find_cut(segments: Sequence[str], services: Sequence[str]) -> tuple[int, str] | None:
    """Find the first segment that ends with a service, where the next action begins."""
    for index in range(2, len(segments) - 1):
        for service in services:
            if segments[index].endswith(service) and segments[index] != service:
                return index, service
    return None
