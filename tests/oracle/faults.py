"""What is malformed in an input: the model's "The input", stated once, member by member.

`INPUT` and what it is made of are to be read from the bottom up, beside the model's example.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from tests.oracle.path import MalformedError, read_query, read_segments, split_query

JSON: TypeAlias = "dict[str, JSON] | list[JSON] | str | int | float | bool | None"


class Absent:
    """The type of `ABSENT`."""

    def __repr__(self) -> str:
        """As it is spelled."""
        return "ABSENT"


ABSENT: Final = Absent()
"""In the place of an input: the query had none at all (`null` is an input)."""
Given: TypeAlias = "JSON | Absent"


@dataclass(frozen=True)
class Fault:
    """A faulty member. To name it is to name `member`, something inside it, or one of `also`."""

    member: str
    also: frozenset[str] = frozenset()

    def is_named_in(self, message: str) -> bool:
        """Whether a message names this fault."""
        names = [rf"{re.escape(self.member)}(?!\w)"]
        names += [rf"{re.escape(name)}(?!\w|\.\w|\[)" for name in self.also]
        return any(re.search(rf"(?<![\w.\]]){name}", message) for name in names)


Form: TypeAlias = Callable[[JSON, str], Iterator[Fault]]
"""What a value may be: yields the faults of the value that stands at a member."""


def type_of(*types: type) -> Form:
    def form(value: JSON, at: str) -> Iterator[Fault]:
        if not isinstance(value, types):
            yield Fault(at)

    return form


def one_of(*constants: JSON) -> Form:
    def form(value: JSON, at: str) -> Iterator[Fault]:
        # `is` beside `==`: 1 == True in Python, and not in JSON.
        if not any(type(value) is type(constant) and value == constant for constant in constants):
            yield Fault(at)

    return form


def text(pattern: str) -> Form:
    def form(value: JSON, at: str) -> Iterator[Fault]:
        if not (isinstance(value, str) and re.fullmatch(pattern, value, re.DOTALL)):
            yield Fault(at)

    return form


def list_of(element: Form, at_least: int = 0) -> Form:
    def form(value: JSON, at: str) -> Iterator[Fault]:
        if not isinstance(value, list) or len(value) < at_least:
            yield Fault(at)
            return
        for number, each in enumerate(value):
            for fault in element(each, f"{at}[{number}]"):
                yield (
                    Fault(fault.member, fault.also | {at})
                    if fault.member == f"{at}[{number}]"
                    else fault
                )

    return form


def map_of(element: Form) -> Form:
    def form(value: JSON, at: str) -> Iterator[Fault]:
        if not isinstance(value, dict) or any(
            any(element(each, at)) or ";" in name for name, each in value.items()
        ):
            yield Fault(at)

    return form


def object_of(
    required: dict[str, Form] | None = None,
    optional: dict[str, Form] | None = None,
    *,
    exactly_one_of: dict[str, Form] | None = None,
    closed: bool = False,
) -> Form:
    """An object. `closed`: it has no other members than these."""
    required, optional, alternatives = required or {}, optional or {}, exactly_one_of or {}
    known = required | optional | alternatives

    def form(value: JSON, at: str) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault(at)
            return
        inside = f"{at}." if at != "input" else ""
        yield from (Fault(f"{inside}{name}") for name in required if name not in value)
        if alternatives and len(alternatives.keys() & value.keys()) != 1:
            yield from (Fault(f"{inside}{name}", frozenset({at})) for name in alternatives)
        for name, each in value.items():
            if name in known:
                yield from known[name](each, f"{inside}{name}")
            elif closed:
                yield Fault(f"{inside}{name}", frozenset({at}))

    return form


def either(*forms: Form) -> Form:
    """A value that has one of several forms; where it has none, the whole of it is at fault."""

    def form(value: JSON, at: str) -> Iterator[Fault]:
        if all(any(each(value, at)) for each in forms):
            yield Fault(at)

    return form


def path(value: JSON, at: str) -> Iterator[Fault]:
    if not isinstance(value, str):
        yield Fault(at)
        return
    alone, query = split_query(value)
    try:
        read_segments(alone)
    except MalformedError:
        yield Fault(at)
    try:
        values = read_query(query or "")
    except MalformedError:
        yield Fault(at, frozenset({"request.query"}))
    else:
        yield from query_faults(values)


def query_faults(values: dict[str, list[str]]) -> Iterator[Fault]:
    """Two different values of `enterprise_project_id` are malformed, wherever the query stands."""
    if len(set(values.get("enterprise_project_id", []))) > 1:
        yield Fault("request.query", frozenset({"request.path"}))


def query(value: JSON, at: str) -> Iterator[Fault]:
    faults = list(map_of(list_of(text("[^;]*")))(value, at))
    yield from faults
    if not faults:
        yield from query_faults(value)  # type: ignore[arg-type]  # lists of strings, as found


def request(value: JSON, at: str) -> Iterator[Fault]:
    yield from REQUEST(value, at)
    if isinstance(value, dict) and "query" in value and "?" in str(value.get("path")):
        yield Fault("request.query", frozenset({"request.path"}))


STRING = type_of(str)
IDENTIFIER = text(".+")
OBJECT = type_of(dict)
ANYTHING = type_of(object)
ACTIONS = list_of(text("[\\x21-\\x7e]+"), at_least=1)

REQUEST = object_of(
    required={"method": STRING, "path": path},
    optional={
        "provider": STRING,
        "service": STRING,
        "host": STRING,
        "query": query,
        "body": ANYTHING,
    },
)
SCOPE = either(
    object_of(required={"iam_project": IDENTIFIER}, closed=True),
    object_of(required={"all_resources": one_of(True)}, closed=True),  # noqa: FBT003  # JSON
    object_of(required={"domain": IDENTIFIER}, closed=True),
    object_of(required={"enterprise_project": IDENTIFIER}, closed=True),
)
STATEMENT = object_of(
    required={"Effect": one_of("Allow", "Deny")},
    exactly_one_of={"Action": ACTIONS, "NotAction": ACTIONS},
    optional={
        "Resource": either(
            list_of(STRING), object_of(required={"uri": list_of(STRING)}, closed=True)
        ),
        "Condition": OBJECT,
    },
    closed=True,
)
POLICY = object_of(
    required={"Version": one_of("1.1", "1.0"), "Statement": list_of(STATEMENT, at_least=1)},
    optional={
        "name": STRING,
        "catalog": STRING,
        "display_name": STRING,
        "Depends": list_of(object_of(optional={"catalog": STRING, "display_name": STRING})),
    },
)
GRANT = object_of(required={"scope": SCOPE, "policies": list_of(POLICY)})
SUBJECT = object_of(
    exactly_one_of={"project_id": IDENTIFIER, "domain_id": IDENTIFIER},
    optional={"id": IDENTIFIER, "account_owner": type_of(bool), "grants": list_of(GRANT)},
)
RESOURCE = object_of(optional={"enterprise_project_id": IDENTIFIER})
INPUT = object_of(
    required={"request": request, "subject": SUBJECT}, optional={"resource": RESOURCE}
)


def find_faults(given: Given, *, has_identities: bool = False) -> list[Fault]:
    """Every faulty member of an input; none where it is well-formed.

    Where the operator configured identities, an input says nothing of what its subject may.
    """
    if isinstance(given, Absent):
        return [Fault("input")]
    match given:
        case {"subject": dict(subject)} if has_identities:
            claims = [
                Fault(f"subject.{name}", frozenset({"subject"}))
                for name in ("account_owner", "grants")
                if subject.get(name, False) is not False
            ]
        case _:
            claims = []
    return [*claims, *INPUT(given, "input")]


def names_a_fault(message: str, faults: list[Fault]) -> bool:
    """Whether a message names one of the faulty members.

    Which of several is the first is the reader's to choose; that it is a faulty one is not.
    """
    return any(fault.is_named_in(message) for fault in faults)
