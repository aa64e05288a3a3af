"""What statements match, and which of them are not evaluated."""

from collections.abc import Iterator
from itertools import product

from tests.decisions.inputs.parts import (
    EVERYTHING,
    PLACES,
    RESOURCES,
    Json,
    about,
    allow_everything,
    ask,
    grant,
    path_of,
    tokens_for,
)
from tests.oracle import Documented


def patterns(route: Documented) -> Iterator[Json]:
    """Each required action by every kind of pattern: allowed, and denied where all is allowed."""
    for action in route.actions:
        others = [other for other in route.actions if other != action]
        for pattern in patterns_for(action):
            for statements in (
                [*about("Allow", [pattern]), *about("Allow", others)],
                about("Allow", [*others, "x:y:z", pattern]),
                [*about("Deny", [pattern]), EVERYTHING],
            ):
                grants = [grant(PLACES["all resources"], *statements)]
                yield ask(route.method, path_of(route), grants)


def patterns_for(action: str) -> Iterator[str]:
    """Patterns that match an action, and patterns that almost do."""
    service, *_, operation = action.split(":")
    half = len(action) // 2
    head, tail, last = action[:half], action[half:], action[-1]
    # fmt: off
    yield from (action, action.upper(), action.lower(), action.title(), action.swapcase())
    yield from ("*", "**", "*:*", "*:*:*", "*:*:*:*", f"{service}:*", f"{service.upper()}:*:*")
    yield from (f"*{action}", f"{action}*", f"*{action}*", f"**{action}**", f"*:{operation}")
    yield from (f"*{action[1:]}", f"{action[:-1]}*", f"{head}*{tail}", f"{head}*{tail[1:]}")
    yield from ("*".join(action), "*".join(action[::2]), f"*{'*'.join(action)}*", f"*{head[1:]}*")
    # Not the action, by one character.
    yield from (action[:-1], action[1:], f"{action}s", f"x{action}", f"{action}:", f":{action}")
    # What is special elsewhere is not here.
    yield from (f"{head}{tail[:-1]}{odd}" for odd in ("?", ".", f"[{last}]", "[!x]", "\\*"))
    yield from (f"{{{action}}}", f"{{{action},x}}", f"\\{action}", f"^{action}$", f"{head}.*{tail}")
    # Of an action that is a pattern, a part and what has a part in common with it.
    yield from (action.replace("*", ""), action.replace("*", "x"), action.replace("*", "x", 1))
    yield from (f"{service}:x:*", f"{service}:x:{operation}x", f"*x:{operation}", f"{head}x*", "*x")
    # What stands before a `*` and what stands after it don't share a character.
    yield from (f"{action}*{last}", f"{head}*{action[half - 1:]}", f"{head}*{tail}*{last}")
    yield from (f"{head}*x*{tail}", f"{action}*x", f"x*{action}", f"*{tail}*{head}*")
    yield from (service, operation, f"{service}:{operation}", f"{service}::{operation}", ":", "?")
    # fmt: on


def failing_closed(route: Documented) -> Iterator[Json]:
    """What is not evaluated, at places that count and that don't, alone and beside an Allow."""
    actions = list(route.actions[:1]) or ["x:y:z"]
    forms: tuple[Json, ...] = (
        {"Action": actions, "Condition": {}},
        {"Action": actions, "Condition": {"StringEquals": {"g:UserName": ["u"]}}},
        {"Action": actions, "Resource": ["*"]},
        {"Action": actions, "Resource": []},
        {"Action": actions, "Resource": ["*", "*"]},
        {"Action": actions, "Resource": [""]},
        {"Action": actions, "Resource": ["evs:*:*:volume:*"]},
        {"Action": actions, "Resource": {"uri": ["*"]}},
        {"Action": actions, "Resource": {"uri": []}},
        {"Action": ["x:y:z"], "Condition": {}},
        {"NotAction": actions},
        {"NotAction": ["x:y:z"]},
        {"NotAction": actions, "Condition": {}, "Resource": ["x"]},
    )
    places = ("the token's project", "another project", "the enterprise project")
    several = {
        "Version": "1.1",
        "Statement": [{"Effect": "Deny", **form} for form in reversed(forms)],
    }
    grants = [{"scope": scope, "policies": [several, several]} for scope in PLACES.values()]
    yield ask(route.method, path_of(route), grants)
    for form, effect, place, resource in product(forms, ("Allow", "Deny"), places, RESOURCES):
        statement = {"Effect": effect, **form}
        alone = [grant(PLACES[place], statement)]
        beside = [*allow_everything(), grant(PLACES[place], EVERYTHING, statement)]
        for grants in (alone, beside):
            yield ask(route.method, path_of(route), grants, **resource)
    yield from roles(route)


def roles(route: Documented) -> Iterator[Json]:
    """Roles that depend on others: alone, and with those others granted at each place."""
    actions = list(route.actions)
    guest = {"catalog": "BASE", "display_name": "Tenant Guest"}
    dependencies: tuple[list[Json], ...] = ([], [{}], [guest])
    plain = {"name": "", "Version": "1.0", "Statement": [EVERYTHING]}
    for version, depends, effect in product(("1.0", "1.1"), dependencies, ("Allow", "Deny")):
        condition = [{**each, "Condition": {}} for each in about(effect, actions)]
        for statements in (about(effect, actions), [*condition, *about(effect, ["*"])]):
            role = {"Version": version, "Depends": depends, "Statement": statements}
            for policies in ([role], [plain, role]):
                grants = [{"scope": PLACES["the token's project"], "policies": policies}]
                yield ask(route.method, path_of(route), grants)
    visitor = {"catalog": "BASE", "display_name": "Visitor"}
    elsewhere = {"Effect": "Allow", "Action": ["x:y:z"]}
    others: tuple[list[Json], ...] = (
        [{**guest}],
        [{**guest, "Depends": []}],
        [{**guest, "Depends": [visitor]}],
        [{**guest, "Depends": [visitor]}, {**visitor}],
        [{**guest, "Depends": [visitor]}, {**visitor, "Depends": [guest]}],
        [{**guest}, {**guest, "Depends": [visitor]}],
        [{**guest, "catalog": "EVS"}, {"display_name": "Tenant Guest"}],
    )
    role = {"Version": "1.0", "Depends": [guest], "Statement": about("Allow", actions)}
    for here, there, beside, token in product(
        PLACES.values(), PLACES.values(), others, tokens_for(route)
    ):
        policies = [{"Version": "1.0", "Statement": [elsewhere], **each} for each in beside]
        grants = [{"scope": here, "policies": [role]}, {"scope": there, "policies": policies}]
        yield ask(route.method, path_of(route), grants, **token)
