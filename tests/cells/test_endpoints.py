"""Methods, paths and queries of a cell; repairs are told, what is odd is kept as printed."""

import pytest

from scopegate.cells.endpoints import EndpointCell, NoEndpoint, parse_endpoints
from scopegate.errors import Flaw
from scopegate.sources.grid import Foreign
from tests.cells.made import make_paragraphs


def parse(*lines: str) -> EndpointCell:
    return parse_endpoints(make_paragraphs(*lines))


def spell(cell: EndpointCell) -> list[str]:
    return [
        f"{method} {path}" + ("" if query is None else f" ? {query}")
        for method, path, query in cell.endpoints
    ]


@pytest.mark.parametrize(
    ("lines", "endpoints"),
    [
        (["GET /v2/{project_id}/snapshots"], ["GET /v2/{project_id}/snapshots"]),
        (["GET /"], ["GET /"]),
        (["GET / "], ["GET /"]),
        (["DELETE /v2/{a}/"], ["DELETE /v2/{a}/"]),
        (["PUT /v2.1/a_b~c/{x-1}/..."], ["PUT /v2.1/a_b~c/{x-1}/..."]),
        (["POST /a", "HEAD /a", "POST /a"], ["POST /a", "HEAD /a"]),
        (["POST", "/a"], ["POST /a"]),
        (["POST /a GET /b"], ["POST /a", "GET /b"]),
        (["POST /a,GET /b"], ["POST /a", "GET /b"]),
        (["GET/PUT /a"], ["GET /a", "PUT /a"]),
        (["GET: /a"], ["GET /a"]),
        (["GET /a?b={b}&c={c}"], ["GET /a ? b={b}&c={c}"]),
        (["GET /a{?b,c}"], ["GET /a ? b,c"]),
        (["GET /a{? b , c}"], ["GET /a ? b,c"]),
        (["GET /a?type={user, group}"], ["GET /a ? type={user, group}"]),
        (["GET /a\\{b\\}/c\\_d".replace("a\\", "a/\\")], ["GET /a/{b}/c_d"]),
    ],
)
def test_endpoints_are_methods_and_paths(lines: list[str], endpoints: list[str]) -> None:
    cell = parse(*lines)

    assert spell(cell) == endpoints
    assert (cell.reason, cell.body_action, cell.notes, cell.flaws) == (None, None, (), ())


@pytest.mark.parametrize(
    ("lines", "endpoints"),
    [
        (["Get /a"], ["GET /a"]),
        (["POST POST /a"], ["POST /a"]),
        (["GET https://{Endpoint}/v3/a"], ["GET /v3/a"]),
        (["GET https://{*Endpoint*}/v3/a"], ["GET /v3/a"]),
        (["GET {endpoint}/v3/a"], ["GET /v3/a"]),
        (["GET v3.0/OS-A/{b}"], ["GET /v3.0/OS-A/{b}"]),
        (["GET /v2/{{a}}"], ["GET /v2/{a}"]),
        (["GET /v2/:a/b"], ["GET /v2/{a}/b"]),
        (["GET /v2/<a>/b"], ["GET /v2/{a}/b"]),
        (["GET /v2/{ a }/b"], ["GET /v2/{a}/b"]),
        (["GET /v2/ {a}/b"], ["GET /v2/{a}/b"]),
        (["GET /v2/{a} /b"], ["GET /v2/{a}/b"]),
        (["GET /v2/{a}/ b /{c}"], ["GET /v2/{a}/b/{c}"]),
        (["GET /v2/{a}/ {b}"], ["GET /v2/{a}/{b}"]),
        (["GET /v2/{a}/ see below"], ["GET /v2/{a}/"]),
        (
            ["GET", "/v1/a;", "/v1/b;", "POST,PUT", "/v1/c;"],
            ["GET /v1/a", "GET /v1/b", "POST /v1/c", "PUT /v1/c"],
        ),
        (["PUT/v1/a"], ["PUT /v1/a"]),
        (["GET /v2/{a}/", "b/{c}"], ["GET /v2/{a}/b/{c}"]),
        (["GET /v2/{a}/", "servers"], ["GET /v2/{a}/servers"]),
        (["GET /rest/a", "/rest/b"], ["GET /rest/a", "GET /rest/b"]),
        (["GET /api/v1/a /api/v1/a/{b}"], ["GET /api/v1/a", "GET /api/v1/a/{b}"]),
        (["GET /v1/{a}/b,/v1/{a}/c"], ["GET /v1/{a}/b", "GET /v1/{a}/c"]),
        (["GET /v2/{a}", "/b"], ["GET /v2/{a}/b"]),
        (["GET /v2/a?b={b}&", "c={c}"], ["GET /v2/a ? b={b}&c={c}"]),
        (["GET /v2/a, /v2.1/a"], ["GET /v2/a", "GET /v2.1/a"]),
        (["GET /v2/a", "/v2.1/a"], ["GET /v2/a", "GET /v2.1/a"]),
    ],
)
def test_what_has_one_reading_is_repaired(lines: list[str], endpoints: list[str]) -> None:
    cell = parse(*lines)

    assert spell(cell) == endpoints


@pytest.mark.parametrize(
    "path", ["/v2/{a}:{b}", "/v1{a}/b", "/v2/{a/b", "/v2/a}", "/v2//b", "/v2/{a}b", "/a/../b"]
)
def test_a_path_that_is_no_template_is_kept_as_printed(path: str) -> None:
    cell = parse(f"GET {path}")

    assert spell(cell) == [f"GET {path}"]
    assert [flaw.code for flaw in cell.flaws] == ["odd-path"]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('action="os-extend"', "os-extend"),
        ("action=os-extend", "os-extend"),
        ("(action: “os-extend”)", "os-extend"),
        ("action = 'os-reset_status'", "os-reset_status"),
    ],
)
def test_an_action_of_the_body_tells_rows_apart(line: str, key: str) -> None:
    for lines in (("POST /a/action", line), (f"POST /a/action {line}",)):
        cell = parse(*lines)

        assert spell(cell) == ["POST /a/action"]
        assert cell.body_action == key
        assert cell.notes == ()


@pytest.mark.parametrize("line", ["Action: Start the job", '{"action": "create"}'])
def test_another_word_for_an_action_is_a_note(line: str) -> None:
    cell = parse("POST /a/action", line)

    assert cell.body_action is None
    assert [flaw.code for flaw in cell.flaws] == ["unread-text"]


@pytest.mark.parametrize(
    "lines",
    [
        ("GET /v1/b", "LIST /v1/a"),
        ("GET /v1/b", "v1/c"),
        ("/v1/a GET", "GET /v1/b"),
        ("GET /v1/b (use POST /v2/y instead)",),
        ("GET /v1/{a}/ and /v2/{a}",),
    ],
)
def test_a_path_that_is_not_read_is_a_flaw(lines: tuple[str, ...]) -> None:
    cell = parse(*lines)

    assert len(cell.endpoints) == 1
    assert "bad-endpoint" in {flaw.code for flaw in cell.flaws}


def test_two_actions_of_the_body_are_a_flaw() -> None:
    cell = parse("POST /a/action", "action=b", "action=c")

    assert cell.body_action is None
    assert [flaw.code for flaw in cell.flaws] == ["odd-discriminator"]


@pytest.mark.parametrize(
    ("lines", "note"),
    [
        (("POST /a, SQL statement",), "SQL statement"),
        (("POST /a (OpenStack API)",), "(OpenStack API)"),
        (("POST /a（V2接口）",), "(V2接口)"),
        (("POST /a", "s"), "s"),
        (("This API is old: POST /a",), "This API is old"),
    ],
)
def test_what_else_a_cell_says_is_a_note(lines: tuple[str, ...], note: str) -> None:
    cell = parse(*lines)

    assert spell(cell) == ["POST /a"]
    assert cell.notes == (note,)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ((), NoEndpoint.DASH),
        (("-",), NoEndpoint.DASH),
        (("x",), NoEndpoint.CROSS),
        (("N/A",), NoEndpoint.NOT_APPLICABLE),
        (("不涉及",), NoEndpoint.NOT_APPLICABLE),
        (("This is for the console only.",), NoEndpoint.CONSOLE_ONLY),
        (("仅控制台使用",), NoEndpoint.CONSOLE_ONLY),
        (("仅支持Console，API方式不支持",), NoEndpoint.CONSOLE_ONLY),
        (("Listing Buckets", "Uploading an Object - PUT"), NoEndpoint.API_NAME_ONLY),
    ],
)
def test_a_page_may_give_no_route(lines: tuple[str, ...], reason: NoEndpoint) -> None:
    cell = parse(*lines)

    assert (cell.endpoints, cell.reason, cell.flaws) == ((), reason, ())


@pytest.mark.parametrize("lines", [("/api/*", "/apis/*"), ("GET",), ("COPY /a",)])
def test_a_path_without_a_method_is_a_flaw(lines: tuple[str, ...]) -> None:
    cell = parse(*lines)

    assert cell.reason is NoEndpoint.NO_METHOD
    assert [flaw.code for flaw in cell.flaws] == ["bad-endpoint"]


def test_a_method_without_a_path_beside_others_is_a_flaw() -> None:
    cell = parse("GET /a", "PUT")

    assert spell(cell) == ["GET /a"]
    assert cell.flaws == (Flaw("bad-endpoint", 'expected a path after "PUT"'),)


def test_an_image_is_a_flaw() -> None:
    cell = parse_endpoints((*make_paragraphs("GET /a"), Foreign("<img>")))

    assert cell.flaws == (Flaw("odd-cell", "expected text; found <img>"),)


NO_TEMPLATE = "expected a path of literal segments and {parameters}, of which a route can be made"
NO_ENDPOINT = 'expected a method and a path as in "GET /v2/{project_id}/snapshots"'


@pytest.mark.parametrize(
    ("lines", "endpoints", "notes", "told"),
    [
        (
            ["GET /v2/a", "/v2/b"],
            ["GET /v2/a", "GET /v2/b"],
            [],
            ['expected a method before a path, and took GET; found "/v2/b"'],
        ),
        (
            ["GET/v2/a"],
            ["GET /v2/a"],
            [],
            ['expected a blank between method and path; found "GET/v2/a"'],
        ),
        (["get /v2/a"], ["GET /v2/a"], [], ['expected the method GET; found "get"']),
        (
            ["post/get /a"],
            ["POST /a", "GET /a"],
            [],
            ['expected the method POST/GET; found "post/get"'],
        ),
        (
            ["GET HTTPS://h.example/v2/a"],
            ["GET /v2/a"],
            [],
            ['expected no host; found "HTTPS://h.example/v2/a"'],
        ),
        (
            ["GET v2/a/b"],
            ["GET /v2/a/b"],
            [],
            ['expected a path that begins with "/"; found "v2/a/b"'],
        ),
        (
            ["GET {a}/b"],
            ["GET /{a}/b"],
            [],
            ['expected a path that begins with "/"; found "{a}/b"'],
        ),
        (
            ["GET /v2/a/", "b"],
            ["GET /v2/a/b"],
            [],
            ['expected a path on one line; found "/v2/a/ b"'],
        ),
        (
            ["GET /v2/a", "/b"],
            ["GET /v2/a/b"],
            [],
            ['expected a path on one line; found "/v2/a /b"'],
        ),
        (
            ["GET /v2/a?b=c", "&d=e"],
            ["GET /v2/a ? b=c&d=e"],
            [],
            ['expected a path on one line; found "/v2/a?b=c &d=e"'],
        ),
        (
            ["GET /v2/a?b=", "c"],
            ["GET /v2/a ? b=c"],
            [],
            ['expected a path on one line; found "/v2/a?b= c"'],
        ),
        (
            ["GET /v2/a", "?b=c"],
            ["GET /v2/a ? b=c"],
            [],
            ['expected a path on one line; found "/v2/a ?b=c"'],
        ),
        (
            ["GET /v2/a?", "b=c"],
            ["GET /v2/a ? b=c"],
            [],
            ['expected a path on one line; found "/v2/a? b=c"'],
        ),
        (
            ["GET /v2/a?b=c&", "d=e"],
            ["GET /v2/a ? b=c&d=e"],
            [],
            ['expected a path on one line; found "/v2/a?b=c& d=e"'],
        ),
        (
            ["GET /v2/a ?b=c"],
            ["GET /v2/a ? b=c"],
            [],
            ['expected a path without blanks; found "/v2/a "'],
        ),
        (["GET /v2/a? b=c"], ["GET /v2/a ? b=c"], [], []),
        (
            ["GET /v2/a?b=c d"],
            ["GET /v2/a ? b=c"],
            ["d"],
            ['expected methods before paths, and nothing else; found "d"'],
        ),
        (
            ["GET /v2/a/ b/c"],
            ["GET /v2/a/b/c"],
            [],
            ['expected a path without blanks; found "/v2/a/ b/c"'],
        ),
        (
            ["GET /v2/a/ b /c"],
            ["GET /v2/a/b/c"],
            [],
            ['expected a path without blanks; found "/v2/a/ b /c"'],
        ),
        (
            ["GET /v2/a /b"],
            ["GET /v2/a/b"],
            [],
            ['expected a path without blanks; found "/v2/a /b"'],
        ),
        (
            ["GET / a"],
            ["GET /"],
            ["a"],
            ['expected methods before paths, and nothing else; found "a"'],
        ),
        (
            ["GET /v2/a/ /b"],
            ["GET /v2/a/"],
            ["/b"],
            ['expected methods before paths, and nothing else; found "/b"'],
        ),
        (
            ["GET /v2/a{?b} c"],
            ["GET /v2/a ? b"],
            ["c"],
            ['expected methods before paths, and nothing else; found "c"'],
        ),
        (["GET /v2/a{?b}{&c}"], ["GET /v2/a ? b,c"], [], []),
        (["GET /v2/a{?b&c}"], ["GET /v2/a ? b,c"], [], []),
        (["GET /v2/a{?}"], ["GET /v2/a"], [], []),
        (
            ["GET /v2/{ a }?b={ c }"],
            ["GET /v2/{a} ? b={c}"],
            [],
            ['expected parameters as in {project_id}; found "/v2/{ a }"'],
        ),
        (
            ["GET /v2/{{a}}/${b}/<c>/:d"],
            ["GET /v2/{a}/{b}/{c}/{d}"],
            [],
            ['expected parameters as in {project_id}; found "/v2/{{a}}/${b}/<c>/:d"'],
        ),
        (["GET /v2/a."], ["GET /v2/a"], [], []),
        (["GET /v2/a.."], ["GET /v2/a.."], [], []),
        (
            ["GET /v2/a: query"],
            ["GET /v2/a"],
            ["query"],
            ['expected methods before paths, and nothing else; found "query"'],
        ),
        (["GET. /v2/a"], ["GET /v2/a"], [], []),
        (
            ["GET /v2/a/*"],
            ["GET /v2/a/*"],
            [],
            [f'{NO_TEMPLATE}; found "/v2/a/*"'],
        ),
        (
            ["(see POST /v2/b) GET /v2/a"],
            ["GET /v2/a"],
            ["(see POST /v2/b)"],
            ['expected methods before paths, and nothing else; found "(see POST /v2/b)"'],
        ),
        (
            ['POST /v2/a action="b"', "action='c'"],
            ["POST /v2/a"],
            [],
            ['expected one action of the body; found "b", "c"'],
        ),
        (["POST /v2/a", "action=b", "action=b"], ["POST /v2/a"], [], []),
        (["Note", "GET /v2/a"], ["GET /v2/a"], [], []),
        (["GET /v2/a?b=c?d"], ["GET /v2/a ? b=c?d"], [], []),
        (["GET /v2/a?&b=c."], ["GET /v2/a ? b=c"], [], []),
        (
            ["GET /v2/a?b=c, /v2/d"],
            ["GET /v2/a ? b=c", "GET /v2/d"],
            [],
            ['expected a method before a path, and took GET; found "/v2/d"'],
        ),
        (
            ["GET /v2/a/b /v3/c"],
            ["GET /v2/a/b", "GET /v3/c"],
            [],
            ['expected a method before a path, and took GET; found "/v3/c"'],
        ),
        (
            ["GET /a/b", "/a/c"],
            ["GET /a/b", "GET /a/c"],
            [],
            ['expected a method before a path, and took GET; found "/a/c"'],
        ),
        (
            ["GET /v2/a/", "b c"],
            ["GET /v2/a/"],
            ["b c"],
            ['expected methods before paths, and nothing else; found "b c"'],
        ),
        (
            ["GET/PUT"],
            [],
            [],
            [f'{NO_ENDPOINT}; found "GET/PUT"'],
        ),
        (
            ["/v2/a"],
            [],
            ["/v2/a"],
            [f'{NO_ENDPOINT}; found "/v2/a"'],
        ),
        (
            ["PUT", "POST"],
            [],
            [],
            [f'{NO_ENDPOINT}; found "PUT", "POST"'],
        ),
        (
            ["GET /v2/a", "GET", "PUT /b"],
            ["GET /v2/a", "PUT /b"],
            [],
            ['expected a path after "GET"'],
        ),
        (["PUT/POST", "GET /a"], ["GET /a"], [], ['expected a path after "PUT/POST"']),
    ],
)
def test_what_is_done_to_a_cell_is_told(
    lines: list[str], endpoints: list[str], notes: list[str], told: list[str]
) -> None:
    cell = parse(*lines)

    assert spell(cell) == endpoints
    assert list(cell.notes) == notes
    assert [flaw.message for flaw in cell.flaws] == told


@pytest.mark.parametrize("text", ["N/A.", "Not applicable。", "-"])
def test_what_says_that_there_is_no_route_is_no_note(text: str) -> None:
    assert parse(text).notes == ()


def test_a_repair_is_told_as_one() -> None:
    assert [flaw.code for flaw in parse("GET/v2/a").flaws] == ["repaired-endpoint"]
