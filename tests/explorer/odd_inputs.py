"""Texts of inputs that Python does not write, that are large, or that are no JSON at all."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

NUMBERS: Final = (
    *(
        "1.0",
        "1.10",
        "-1.5",
        "0.1",
        "-0",
        "-0.0",
        "-0e0",
        "0e5",
        "0e-5",
        "-0E-2",
        "1e2",
        "1E+2",
        "1e-7",
        "1e21",
    ),
    *(
        "1e99",
        "1e100",
        "1e400",
        "1e999",
        "12345678901234567890",
        "9007199254740993",
        "1e9999",
        "1E+00001",
        "1e10000",
    ),
    *("100000000000000000000000000", "0.0000001", "123456789012345678901234567890.5"),
)

# As JSON spells them: letters that end lines or have no width, that nobody may use, beyond U+FFFF;
# halves of letters; and what means something to JavaScript, to formats, or to patterns.
NAMES: Final = (
    *("__proto__", "constructor", "toString", "hasOwnProperty", "length", "", "0", "a.b"),
    *("%s", "%", "$1", "$&", "\\\\", '\\"', "\\/", "</script>", "<!--", "\\\\ud800"),
    *("é", "e\\u0301", "\\u0000", "\\b\\f\\n\\r\\t\\u000b\\u0007", "\\u007f", "\\u0085", "\\u00a0"),
    *("\\u00ad", "\\u0378", "\\u200b", "\\u2028", "\\u3000", "\\ue000", "\\ufeff", "\\uffff"),
    *("😀", "\\ud83d\\ude00", "\\uD83D\\uDE00", "\\udb40\\udc01", "\\udbff\\udfff"),
    *("\\ud800", "\\udc00\\ud800", "\\ud800\\ud83d\\ude00", "\\ud800x", "\\udfff\\\\"),
)

PLAIN: Final = """\
{"request": {"method": "GET", "path": "/v2/p1/snapshots", "service": "evs"%s},
"subject": {"id": "u1", "project_id": "p1"%s, "grants": [
{"scope": {"iam_project": "p1"}, "policies": [{"Version": "1.1", "Statement": [
{"Effect": "Allow", "Action": ["evs:*:*"]%s}]}]}]}}"""


def spell(request: str = "", subject: str = "", statement: str = "") -> str:
    """An input that is allowed, with further members of its parts."""
    return PLAIN % tuple(f", {each}" if each else "" for each in (request, subject, statement))


def odd_numbers() -> Iterator[str]:
    """Each number where anything may stand, where it is of the wrong type, and for the input."""
    for number in NUMBERS:
        yield from (number, f"[{number}]", f'{{"request": {number}}}')
        yield spell(f'"body": {{"a": [{number}]}}')
        yield spell(f'"host": {number}')
        yield spell(f'"query": {{"a": [{number}]}}')
        yield spell("", f'"x{number}": {number}')
        yield spell("", "", f'"Resource": [{number}]')
        yield spell("", "", f'"Condition": {number}')


def odd_names() -> Iterator[str]:
    """Each name of a member where others are ignored and where they are not, and each as a text."""
    for name in NAMES:
        for value in ("1", f'{{"{name}": null}}'):
            member = f'"{name}": {value}'
            yield f"{{{member}}}"
            yield from (spell(member), spell("", member), spell("", "", member))
            yield from (spell(f'"query": {{{member}}}'), spell(f'"body": {{{member}}}'))
            yield spell("", "", f'"Condition": {{{member}}}')
        yield spell(f'"query": {{"{name}": ["{name}"]}}')
        for part in ("/snapshots", "evs:*:*", '"evs"', "u1", "p1", "GET", "iam_project", "Effect"):
            # Of a part of a text, the quotes stay.
            stripped = part.strip('"/')
            yield spell().replace(part, part.replace(stripped, name))


def twice() -> Iterator[str]:
    """Members that are there twice: the last one counts."""
    yield spell('"method": "POST", "method": "GET"')
    yield spell('"path": "/"')
    yield spell("", '"project_id": "p2"')
    yield spell("", "", '"Effect": "Deny"')


def of_nobody() -> Iterator[str]:
    """Subjects without grants, with an id or none: identities are looked up, and there are none."""
    for subject in ('"id": "u1", ', "", '"id": "", ', '"id": null, ', '"account_owner": true, '):
        for token in ('"project_id": "p1"', '"domain_id": "d1"', '"project_id": "p2"'):
            for path in ("/v2/p1/snapshots", "/v2/p1/snapshots?a=%zz", "/", "/v2/p1/nothing"):
                request = f'{{"method": "GET", "path": "{path}"}}'
                yield f'{{"request": {request}, "subject": {{{subject}{token}}}}}'


POLICY: Final = '{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["evs:*:*"]}]}'


def of_grants(count: int, policies: str = "[]") -> str:
    """An input with so many grants."""
    grant = f'{{"scope": {{"iam_project": "p1"}}, "policies": {policies}}}'
    subject = f'{{"project_id": "p1", "grants": {many(grant, count)}}}'
    return f'{{"request": {{"method": "GET", "path": "/v2/p1/snapshots"}}, "subject": {subject}}}'


def of_statements(count: int, actions: str = '["a"]') -> str:
    """An input with so many statements of one policy."""
    statement = f'{{"Effect": "Allow", "Action": {actions}}}'
    return of_grants(1, f'[{{"Version": "1.1", "Statement": {many(statement, count)}}}]')


def of_dependencies(count: int, policies: int, name: str = "") -> str:
    """An input with roles that depend on so many others each."""
    rest = f'"name": "{name}", "Statement": [{{"Effect": "Allow", "Action": ["a"]}}]'
    role = f'{{"Version": "1.0", "Depends": {many("{}", count)}, {rest}}}'
    return of_grants(1, many(role, policies))


def of_number(number: str) -> str:
    """An input with a number, and longer than those of which nothing is counted."""
    return spell(f'"body": [{number}, "{"x" * MOST}"]')


def many(each: str, count: int) -> str:
    """A list with the same so many times."""
    return f"[{', '.join([each] * count)}]"


MOST: Final = 32768

LARGE: Final[Mapping[str, str]] = {
    **{f"{number} digits": of_number("1" * number) for number in (100, 101, 5000)},
    **{f"1e{exponent}": of_number(f"1e{exponent}") for exponent in (99, 100, -99, -100, 9999)},
    "digits of a text": of_number(f'"{"1" * 101}"'),
    "digits of a short input": spell(f'"body": {"1" * 101}'),
    **{f"host of {size}": spell(f'"host": "{"x" * size}"') for size in (MOST, MOST + 1)},
    **{f"host of {size}, 😀": spell(f'"host": "{"😀" * size}"') for size in (MOST, MOST + 1)},
    "path": spell().replace("/snapshots", "/" + "x" * MOST),
    "id": spell().replace("u1", "x" * (MOST + 1)),
    "id of a scope": spell().replace(
        '{"iam_project": "p1"}', f'{{"domain": "{"x" * (MOST + 1)}"}}'
    ),
    **{
        f"{n} values": spell(f'"query": {{"a": {many(json.dumps("x" * 9), n)}}}')
        for n in (4999, 5000)
    },
    **{f"{count} grants": of_grants(count) for count in (2000, 2001)},
    **{f"{count} policies": of_grants(1, many(POLICY, count)) for count in (2000, 2001)},
    **{f"{count} statements": of_statements(count) for count in (5000, 5001)},
    **{f"{n} patterns": of_statements(1, many('"evs:*:*"', n)) for n in (10000, 10001)},
    **{f"{n} dependencies of one": of_dependencies(n, 1, "x" * MOST) for n in (200, 201)},
    **{f"dependencies of {n}": of_dependencies(200, n) for n in (99, 100)},
    "members of one": spell(
        f'"host": "{"x" * MOST}"', "", ", ".join(f'"m{number}": 1' for number in range(10))
    ),
    "faulty": spell(f'"host": "{"x" * MOST}", "query": []'),
    "body": spell(f'"body": {many("[]", 50000)}'),
}

NO_JSON: Final = (
    *("", " ", "NaN", "Infinity", "01", "-01", "+1", ".5", "1.", "-", "1e", "1e+", "0x10", "tru"),
    *('"a', '"\\x"', '"\\u12"', '"\n"', '"\t"', '"\x00"', '"\\', "'a'", "[1 2]", "[1,]", "[,1]"),
    *('{"a": 1,}', '{"a"}', "{a: 1}", '{"a": 1 "b": 2}', "{,}", "{}{}", "[1]]", "\ufeff{}"),
    *("\u00a0{}", "\v{}", f"{spell()} x", f"{spell()},"),
    # What OPA refuses to read, too.
    *("1e99999", "[1e-99999]", "1E+099999", spell('"body": 1e31000')),
)
"""Texts that OPA refuses to read."""
