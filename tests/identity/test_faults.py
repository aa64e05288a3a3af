"""What is wrong with exports: all of it, with file and place."""

import json
from pathlib import Path
from typing import Any

import pytest

from scopegate.errors import FaultsError, ScopegateError
from scopegate.identity import exports
from scopegate.identity.assembly import Sources, assemble_identities
from tests.identity.made import (
    INPUT_SCHEMA,
    assemble,
    find_faults,
    make_assignment,
    make_resource,
    make_role,
    make_statement,
    write,
)

LINK = {"self": "https://iam.example.com/v3/groups/g1/users"}


def with_roles(*roles: object) -> dict[str, object]:
    return {"r.json": {"roles": list(roles)}}


def with_statement(**members: object) -> dict[str, object]:
    return with_roles(make_role(Statement=[make_statement(**members)]))


def with_records(*records: object, **more: object) -> dict[str, object]:
    return {"a.json": {"role_assignments": list(records), **more}, **with_roles(make_role())}


def members_of(group: str, **more: object) -> dict[str, object]:
    links: dict[str, object] = {"self": f"https://iam.example.com/v3/groups/{group}/users", **more}
    return {"u.json": {"users": [{"id": "u1"}], "links": links}}


def without(record: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key != name}


FAULTS: dict[str, tuple[dict[str, object], str]] = {
    # documents
    "not JSON": ({"a.json": "{"}, "a.json: None: [not-json] expected JSON: Expecting"),
    "empty": ({"a.json": ""}, "a.json: None: [not-json] expected JSON: Expecting value"),
    "not a number": (
        {"a.json": '{"users": NaN}'},
        "a.json: users: [not-json] expected JSON: a number that is finite, and not too long",
    ),
    "infinite": ({"a.json": '{"users": -1e999}'}, "a.json: users: [not-json] expected JSON: "),
    "long number": ({"a.json": "9" * 5000}, "a.json: None: [not-json] expected JSON: a number"),
    "not UTF-8": ({"a.json": b'{"users": "\xff"}'}, "a.json: None: [bad-encoding] "),
    "half a character": (
        {"a.json": r'{"users": [{"id": "\ud800"}]}'},
        r'a.json: users[0].id: [bad-text] expected Unicode; found half a character in "\ud800"',
    ),
    "half a character in a name": (
        {"a.json": r'{"users": [{"\ud800": 1}]}'},
        r'a.json: users[0]: [bad-text] expected Unicode; found half a character in "\ud800"',
    ),
    "a member twice": (
        {"a.json": '{"roles": [{"policy": {"Version": "1.0", "Version": "1.1"}}]}'},
        "a.json: roles[0].policy.Version: [duplicate-member] expected each member once",
    ),
    "odd name twice": (
        {"a.json": '{"a b": 1, "a b": 2}'},
        'a.json: ["a b"]: [duplicate-member] expected each member once',
    ),
    "nested": ({"a.json": "[" * 40 + "]" * 40}, f"a.json: {'[0]' * 32}: [too-deep] expected at"),
    "nested beyond Python": ({"a.json": "[" * 200_000}, "a.json: None: [too-deep] expected at"),
    "list": ({"a.json": []}, "a.json: None: [unknown-document] expected one of role_assignments, "),
    "error": ({"a.json": {"error": {}}}, "a.json: None: [unknown-document] expected one of role"),
    "two lists": (
        {"a.json": {"users": [], "groups": []}},
        (
            "a.json: None: [unknown-document] expected one of role_assignments, roles, users,"
            " groups, resources, snapshots; found users and groups"
        ),
    ),
    # totals
    "page missing": (
        with_records(make_assignment(), total_num=2),
        "a.json: total_num: [incomplete] expected 2 records over all pages; found 1 in ",
    ),
    "all pages missing": (
        {"r.json": {"roles": [], "total_number": 5}},
        "r.json: total_number: [incomplete] expected 5 records over all pages; found 0 in ",
    ),
    "more than stated": (
        {"s.json": {"snapshots": [{"id": "n1", "volume_id": "v1"}], "count": 0}},
        "s.json: count: [incomplete] expected 0 records over all pages; found 1 in ",
    ),
    "resources missing": (
        {"e.json": {"resources": [make_resource()], "errors": [], "total_count": 7}},
        "e.json: total_count: [incomplete] expected 7 records over all pages; found 1 in ",
    ),
    "odd total": (
        {"r.json": {"roles": [], "total_number": True}},
        "r.json: total_number: [bad-value] expected a number of records; found true",
    ),
    "negative total": (
        {"r.json": {"roles": [], "total_number": -1}},
        "r.json: total_number: [bad-value] expected a number of records; found -1",
    ),
    "services that failed": (
        {"e.json": {"resources": [], "errors": [{"error_code": "EPS.1"}], "total_count": 0}},
        (
            "e.json: errors: [bad-value] expected no service that failed to answer, []; found a"
            " list of 1"
        ),
    ),
    "page after this one missing": (
        members_of("g1", next="https://x/v3/groups/g1/users?marker=u1"),
        "u.json: links.next: [incomplete] expected the file of that page, too: none has it as self",
    ),
    "page before this one missing": (
        members_of("g1", previous="https://x/v3/groups/g1/users?limit=1"),
        "u.json: links.previous: [incomplete] expected the file of that page, too",
    ),
    "page that names itself": (
        members_of("g1", next=LINK["self"]),
        "u.json: links.next: [incomplete] ",
    ),
    "page that names one of another kind": (
        {
            **members_of("g1", next="https://x/v3/roles"),
            "r.json": {"roles": [], "links": {"self": "https://x/v3/roles"}},
        },
        "u.json: links.next: [incomplete] ",
    ),
    "link that is none": (
        members_of("g1", next={"href": "https://x/"}),
        "u.json: links.next: [bad-value] expected a link, or null; found an object",
    ),
    "links that are none": (
        {"r.json": {"roles": [], "links": [{"rel": "next"}]}},
        "r.json: links: [bad-value] expected an object; found a list of 1",
    ),
    "cut off": (
        {"r.json": {"roles": [], "truncated": True}},
        "r.json: truncated: [incomplete] expected an answer that is not cut off",
    ),
    "assignments without a total": (
        with_records(*(make_assignment(f"user=u{n}") for n in range(50))),
        (
            "a.json: total_num: [incomplete] expected the number of all records, since this page is"
            " full (50)"
        ),
    ),
    "roles without a total": (
        with_roles(*(make_role(f"r{n}") for n in range(300))),
        "r.json: total_number: [incomplete] expected the number of all records, since",
    ),
    "resources without a total": (
        {"e.json": {"resources": [make_resource(f"v{n}") for n in range(1000)]}},
        "e.json: total_count: [incomplete] expected the number of all records, since",
    ),
    "snapshots without a total": (
        {
            "s.json": {
                "snapshots": [{"id": f"n{n}", "volume_id": "v1"} for n in range(1000)],
                "count": None,
            }
        },
        "s.json: count: [incomplete] expected the number of all records, since",
    ),
    "as many as were asked for": (
        {"r.json": {"roles": [make_role()], "links": {"self": "/v3/roles?page=1&per_page=1"}}},
        "r.json: total_number: [incomplete] expected the number of all records, since",
    ),
    "pages before a later one": (
        {"r.json": {"roles": [make_role()], "links": {"self": "/v3/roles?page=2&per_page=9"}}},
        "r.json: total_number: [incomplete] expected the pages before this one, as page says",
    ),
    "members after a marker": (
        {"u.json": {"users": [], "links": {"self": "/v3/groups/g1/users?marker=u7"}}},
        "u.json: users: [incomplete] expected the pages before this one, as marker says",
    ),
    # assignments
    "records no list": (
        {"a.json": {"role_assignments": "x"}},
        'a.json: role_assignments: [bad-value] expected a list; found "x"',
    ),
    "record no object": (
        with_records(7),
        "a.json: role_assignments[0]: [bad-value] expected an object; found 7",
    ),
    "nobody": (
        with_records(without(make_assignment(), "user")),
        "a.json: role_assignments[0]: [bad-value] expected one of user, group, agency; found none",
    ),
    "two holders": (
        with_records(make_assignment(group={"id": "g1"})),
        (
            "a.json: role_assignments[0]: [bad-value] expected one of user, group, agency; found"
            " user and group"
        ),
    ),
    "empty id": (
        with_records(make_assignment("user=")),
        (
            "a.json: role_assignments[0].user.id: [bad-value] expected a string that is not empty;"
            ' found ""'
        ),
    ),
    "holder no object": (
        with_records(make_assignment() | {"user": "u1"}),
        ('a.json: role_assignments[0].user: [bad-value] expected an object with an id; found "u1"'),
    ),
    "no scope": (
        with_records(without(make_assignment(), "scope")),
        "a.json: role_assignments[0].scope: [missing-member] missing; expected an object",
    ),
    "two scopes": (
        with_records(
            make_assignment(scope="project=p1"),
            make_assignment() | {"scope": {"project": {"id": "p1"}, "domain": {"id": "d1"}}},
        ),
        (
            "a.json: role_assignments[1].scope: [bad-value] expected one of project, domain,"
            " enterprise_project; found project and domain"
        ),
    ),
    "empty scope": (
        with_records(make_assignment() | {"scope": {"project": None, "system": None}}),
        (
            "a.json: role_assignments[0].scope: [bad-value] expected one of project, domain,"
            " enterprise_project; found none"
        ),
    ),
    "unknown scope": (
        with_records(make_assignment(scope="system=all")),
        (
            "a.json: role_assignments[0].scope.system: [unknown-member] unknown; expected one of"
            " project, domain, enterprise_project"
        ),
    ),
    "unknown scope beside a known one": (
        with_records(
            make_assignment() | {"scope": {"project": {"id": "p1"}, "OS-X:\u202e": "projects"}}
        ),
        (
            r'a.json: role_assignments[0].scope["OS-X:\u202e"]: [unknown-member] unknown; expected'
            " one of project, domain, enterprise_project"
        ),
    ),
    "domain, not told whether inherited": (
        with_records(make_assignment(scope="domain=d1")),
        "a.json: role_assignments[0].is_inherited: [bad-value] expected true or false; found null",
    ),
    "inherited is no boolean": (
        with_records(make_assignment(is_inherited="false")),
        (
            "a.json: role_assignments[0].is_inherited: [bad-value] expected true, false or"
            ' null; found "false"'
        ),
    ),
    "inherited in a project": (
        with_records(make_assignment(is_inherited=True)),
        (
            "a.json: role_assignments[0].is_inherited: [bad-value] expected false: the scope is no"
            " domain; found true"
        ),
    ),
    "no role": (
        with_records(without(make_assignment(), "role")),
        "a.json: role_assignments[0].role: [missing-member] missing; expected an object",
    ),
    "unknown role": (
        with_records(make_assignment(role="r9")),
        (
            "a.json: role_assignments[0].role.id: [unknown-role] expected the id of a role that an"
            ' export defines; found "r9"'
        ),
    ),
    # policies
    "no name": (
        with_roles(without(make_role(), "name")),
        "r.json: roles[0].name: [missing-member] missing; expected a string that is not empty",
    ),
    "no id": (
        with_roles(without(make_role(), "id")),
        "r.json: roles[0].id: [missing-member] missing; expected a string that is not empty",
    ),
    "no policy": (
        with_roles(make_role(policy=None)),
        "r.json: roles[0].policy: [bad-value] expected an object; found null",
    ),
    "no statement": (
        with_roles(make_role(policy={"Version": "1.1"})),
        "r.json: roles[0].policy.Statement: [missing-member] missing",
    ),
    "no statements": (
        with_roles(make_role(Statement=[])),
        "r.json: roles[0].policy.Statement: [bad-value] expected at least one; found none",
    ),
    "version": (
        with_roles(make_role(Version="2.0")),
        'r.json: roles[0].policy.Version: [bad-value] expected "1.0" or "1.1"; found "2.0"',
    ),
    "version as a number": (
        with_roles(make_role(Version=1.1)),
        'r.json: roles[0].policy.Version: [bad-value] expected "1.0" or "1.1"; found 1.1',
    ),
    "effect": (
        with_statement(Effect="allow"),
        (
            'r.json: roles[0].policy.Statement[0].Effect: [bad-value] expected "Allow" or "Deny";'
            ' found "allow"'
        ),
    ),
    "statement no object": (
        with_roles(make_role(Statement=[1.5])),
        "r.json: roles[0].policy.Statement[0]: [bad-value] expected an object; found 1.5",
    ),
    "statement no object, but a list": (
        with_roles(make_role(Statement=[["Action"]])),
        "r.json: roles[0].policy.Statement[0]: [bad-value] expected an object; found a list of 1",
    ),
    "action and not action": (
        with_statement(NotAction=["a"]),
        (
            "r.json: roles[0].policy.Statement[0]: [bad-value] expected either Action or NotAction;"
            " found both"
        ),
    ),
    "no action": (
        with_roles(make_role(Statement=[{"Effect": "Deny"}])),
        (
            "r.json: roles[0].policy.Statement[0]: [bad-value] expected either Action or NotAction;"
            " found neither"
        ),
    ),
    "no actions": (
        with_statement(Action=[]),
        (
            "r.json: roles[0].policy.Statement[0].Action: [bad-value] expected at least one; found"
            " none"
        ),
    ),
    "action no list": (
        with_statement(Action="evs:*:get"),
        (
            "r.json: roles[0].policy.Statement[0].Action: [bad-value] expected a list; found"
            ' "evs:*:get"'
        ),
    ),
    "empty action": (
        with_statement(Action=["a", ""]),
        (
            "r.json: roles[0].policy.Statement[0].Action[1]: [bad-action] expected printable ASCII"
            ' without blanks; found ""'
        ),
    ),
    "action with a blank": (
        with_statement(Action=["evs: get"]),
        "r.json: roles[0].policy.Statement[0].Action[0]: [bad-action] expected printable ASCII",
    ),
    "action with a line end": (
        with_roles(make_role(Statement=[{"Effect": "Deny", "NotAction": ["evs:get\n"]}])),
        "r.json: roles[0].policy.Statement[0].NotAction[0]: [bad-action] expected printable ASCII",
    ),
    "action in Chinese": (
        with_statement(Action=["evs：get"]),
        "r.json: roles[0].policy.Statement[0].Action[0]: [bad-action] expected printable ASCII",
    ),
    "unknown member": (
        with_statement(Principal="*"),
        (
            "r.json: roles[0].policy.Statement[0].Principal: [unknown-member] unknown; expected one"
            " of Effect, Action, NotAction, Resource, Condition"
        ),
    ),
    "resource": (
        with_statement(Resource="*"),
        (
            "r.json: roles[0].policy.Statement[0].Resource: [bad-value] expected a list of strings,"
            ' or {"uri": […]} with one; found "*"'
        ),
    ),
    "condition": (
        with_statement(Condition=[]),
        (
            "r.json: roles[0].policy.Statement[0].Condition: [bad-value] expected an object; found"
            " a list of 0"
        ),
    ),
    "dependency without a catalog": (
        with_roles(make_role(Depends=[{"display_name": "Tenant Guest"}])),
        "r.json: roles[0].policy.Depends[0].catalog: [missing-member] missing; expected a string",
    ),
    "dependency with an odd name": (
        with_roles(make_role(Depends=[{"catalog": "BASE", "display_name": 1}])),
        ("r.json: roles[0].policy.Depends[0].display_name: [bad-value] expected a string; found 1"),
    ),
    "one id, two documents": (
        with_roles(make_role(), make_role(Version="1.0")),
        'r.json: roles[1]: [conflicting-policy] expected one document with the id "r1"; at ',
    ),
    "one id, two names": (
        with_roles(make_role(), make_role(display_name="other")),
        'r.json: roles[1]: [conflicting-policy] expected one document with the id "r1"; at ',
    ),
    "depends on itself": (
        with_roles(make_role(Depends=[{"catalog": "CUSTOMED", "display_name": "R1"}])),
        (
            "r.json: roles[0].policy.Depends[0]: [circular-depends] expected a role that does not"
            ' depend on this one, "R1"; "R1" does'
        ),
    ),
    "circle": (
        with_roles(
            make_role("r1", Depends=[{"catalog": "CUSTOMED", "display_name": "R2"}]),
            make_role("r2", Depends=[{"catalog": "CUSTOMED", "display_name": "R1"}]),
        ),
        (
            "r.json: roles[1].policy.Depends[0]: [circular-depends] expected a role that does not"
            ' depend on this one, "R2"; "R1" does'
        ),
    ),
    # members
    "users of nobody knows whom": (
        {"u.json": {"users": []}},
        (
            "u.json: None: [unknown-group] expected links.self that ends in /groups/ID/users, or"
            " the group of this file: --group ID=FILE"
        ),
    ),
    "users of the account": (
        {"u.json": {"users": [], "links": {"self": "https://x/v3/users?domain_id=/groups/g1"}}},
        "u.json: None: [unknown-group] ",
    ),
    "groups of nobody knows whom": (
        {"g.json": {"groups": [], "links": {"self": None}}},
        (
            "g.json: None: [unknown-user] expected links.self that ends in /users/ID/groups, or the"
            " user of this file: --user ID=FILE"
        ),
    ),
    "member without an id": (
        {"u.json": {"users": [{"name": "u1"}], "links": LINK}},
        "u.json: users[0].id: [missing-member] missing; expected a string that is not empty",
    ),
    # resources
    "resource without an enterprise project": (
        {"e.json": {"resources": [without(make_resource(), "enterprise_project_id")]}},
        "e.json: resources[0].enterprise_project_id: [missing-member] missing; expected a string",
    ),
    "two enterprise projects": (
        {"e.json": {"resources": [make_resource(), make_resource(project="e2")]}},
        (
            'e.json: resources[1]: [conflicting-resource] expected disk "v1" in enterprise project'
            ' "e1", as at '
        ),
    ),
    "two disks": (
        {
            "s.json": {
                "snapshots": [{"id": "n1", "volume_id": "v1"}, {"id": "n1", "volume_id": "v2"}]
            }
        },
        's.json: snapshots[1]: [conflicting-resource] expected snapshot "n1" of disk "v1", as at ',
    ),
    "snapshot of no disk": (
        {"s.json": {"snapshots": [{"id": "n1", "volume_id": None}]}},
        (
            "s.json: snapshots[0].volume_id: [bad-value] expected a string that is not empty; found"
            " null"
        ),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_has_its_place(tmp_path: Path, name: str) -> None:
    files, expected = FAULTS[name]
    write(tmp_path, files)
    [found] = find_faults([tmp_path])
    assert found.startswith(expected)


@pytest.mark.parametrize("levels", range(33, 1000, 31))
def test_a_file_of_any_depth_is_one_fault(tmp_path: Path, levels: int) -> None:
    write(tmp_path, {"a.json": "[" * levels + "]" * levels})
    [found] = find_faults([tmp_path])
    assert "[too-deep] expected at most 32 levels of nesting" in found


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "b.json": "{",
            "a.json": {"role_assignments": [make_assignment(role="r9")], "total_num": 2},
            "c.json": {"roles": [{"id": "r1", "policy": {"Version": 1, "Statement": [{}]}}]},
        },
    )
    found = find_faults([tmp_path])
    assert [line.partition("] ")[0] for line in found] == [
        "a.json: total_num: [incomplete",
        "a.json: role_assignments[0].role.id: [unknown-role",
        "b.json: None: [not-json",
        "c.json: roles[0].name: [missing-member",
        "c.json: roles[0].catalog: [missing-member",
        "c.json: roles[0].display_name: [missing-member",
        "c.json: roles[0].policy.Version: [bad-value",
        "c.json: roles[0].policy.Statement[0].Effect: [missing-member",
        "c.json: roles[0].policy.Statement[0]: [bad-value",
    ]


@pytest.mark.parametrize(
    "query",
    [
        "name=x",
        "enabled=true",
        "user_id=u1",
        "permission_type=policy",
        "display_name=",
        "type",
        "include_group=false",
        "domain_id=d1&catalog=BASE#x",
        "Page=1",
        "page=1;type=AX",
        "%6eame=x",
    ],
)
def test_a_filtered_answer_is_not_whole(tmp_path: Path, query: str) -> None:
    link = f"https://iam.example.com/v3/roles?{query}"
    write(tmp_path, {"r.json": {"roles": [make_role()], "links": {"self": link}}})
    [found] = find_faults([tmp_path])
    assert found.startswith("r.json: links.self: [incomplete] expected a call without filters; ")


@pytest.mark.parametrize(
    "query",
    ["", "?", "?domain_id=d1", "?page=1&per_page=300", "?limit=10&offset=0", "?include_group=true"],
)
def test_what_pages_are_asked_for_by_filters_nothing(tmp_path: Path, query: str) -> None:
    link = f"https://iam.example.com/v3/roles{query}"
    write(tmp_path, {"r.json": {"roles": [make_role()], "links": {"self": link}}})
    assert find_faults([tmp_path]) == []


def test_pages_that_are_linked_complete_each_other(tmp_path: Path) -> None:
    link = "https://iam.example.com/v3/groups/g1/users?limit=1"
    pages = {
        "a.json": {
            "users": [{"id": "u1"}],
            "links": {"self": link, "next": f"{link}&marker=u1", "previous": ""},
        },
        "b.json": {
            "users": [{"id": "u2"}],
            "links": {"self": f"{link}&marker=u1", "next": None, "previous": link},
        },
    }
    write(tmp_path, pages)
    assert find_faults([tmp_path]) == []
    assert set(assemble([tmp_path]).identities.subjects) == {"u1", "u2"}
    (tmp_path / "a.json").unlink()
    [found] = find_faults([tmp_path])
    assert found.startswith("b.json: links.previous: [incomplete] ")


def test_pages_of_one_call_are_counted_together(tmp_path: Path) -> None:
    pages = {
        f"e{page}.json": {"resources": [make_resource(f"v{page}")], "total_count": 3}
        for page in range(3)
    }
    write(tmp_path, pages)
    assert find_faults([tmp_path]) == []
    # The same page twice does not stand for the one that is missing.
    (tmp_path / "e2.json").write_text(json.dumps(pages["e1.json"]), encoding="utf-8")
    [found] = find_faults([tmp_path])
    assert "expected 3 records over all pages; found 2 in" in found
    assert "e0.json, " in found
    # Two calls of one total, of which one is not whole.
    write(tmp_path, pages | {"e3.json": {"resources": [make_resource("v9")], "total_count": 3}})
    [found] = find_faults([tmp_path])
    assert "found 4 in" in found


def test_all_assignments_are_of_one_call(tmp_path: Path) -> None:
    def page(user: str, **more: object) -> dict[str, object]:
        return {"role_assignments": [make_assignment(f"user={user}")], **more}

    write(tmp_path, {"a.json": page("u1", total_num=2), **with_roles(make_role())})
    write(tmp_path, {"b.json": page("u2", total_num=2)})
    assert find_faults([tmp_path]) == []
    # Another call, before or after: what it has more may be revoked.
    write(tmp_path, {"b.json": page("u2", total_num=1)})
    *_, found = find_faults([tmp_path])
    assert found.startswith("b.json: total_num: [conflicting-assignments] expected 2, as at ")
    assert found.endswith("a.json:1:119: total_num: pages of one call; found 1")
    # Twice as many are two calls, and one of them is not whole, or the older.
    write(tmp_path, {f"{name}.json": page(name, total_num=2) for name in "bcd"})
    [found] = find_faults([tmp_path])
    assert "[incomplete] expected 2 records over all pages; found 4 in " in found


def test_assignments_in_several_files_have_totals(tmp_path: Path) -> None:
    answers = {
        f"{name}.json": {"role_assignments": [make_assignment(f"user={name}")]} for name in "ab"
    }
    write(tmp_path, answers | with_roles(make_role()))
    message = "[incomplete] expected the number of all records, since this is a page"
    assert find_faults([tmp_path]) == [
        f"a.json: total_num: {message}",
        f"b.json: total_num: {message}",
    ]


def list_members(kind: str, owner: str, *ids: str, **links: object) -> dict[str, object]:
    call = f"groups/{owner}/users" if kind == "users" else f"users/{owner}/groups"
    own = {"self": f"https://iam.example.com/v3/{call}"}
    return {kind: [{"id": id_, "name": len(links)} for id_ in ids], "links": own | links}


@pytest.mark.parametrize(
    ("kind", "other", "difference"),
    [("users", ("u1",), "u2"), ("groups", ("u1", "u2", "u3"), "u3"), ("users", (), "u1")],
)
def test_lists_of_the_members_of_one_must_agree(
    tmp_path: Path, kind: str, other: tuple[str, ...], difference: str
) -> None:
    first = list_members(kind, "x", "u1", "u2")
    write(tmp_path, {"a.json": first, "b.json": list_members(kind, "x", "u2", "u1", next=None)})
    assert find_faults([tmp_path]) == []
    write(tmp_path, {"b.json": list_members(kind, "x", *other)})
    [found] = find_faults([tmp_path])
    assert found.startswith(f"b.json: None: [conflicting-members] expected the same {kind} as at ")
    assert found.endswith(f'a.json:1:1; "{difference}" is in one of them alone')


def test_pages_of_members_must_agree(tmp_path: Path) -> None:
    link = "https://iam.example.com/v3/groups/x/users"
    pages = {
        "a.json": list_members("users", "x", "u1", next=f"{link}?page=2"),
        "b.json": list_members("users", "x", "u2", self=f"{link}?page=2", previous=link),
    }
    write(tmp_path, pages)
    assert find_faults([tmp_path]) == []
    # All at once, too.
    write(tmp_path, {"c.json": list_members("users", "x", "u1", "u2")})
    assert find_faults([tmp_path]) == []
    write(tmp_path, {"c.json": list_members("users", "x", "u1")})
    [found] = find_faults([tmp_path])
    assert found.startswith("a.json: None: [conflicting-members] expected the same users as at ")
    # One page, of two times.
    write(tmp_path, {"c.json": list_members("users", "x", "u3", next=f"{link}?page=2")})
    [found] = find_faults([tmp_path])
    assert found.startswith("c.json: None: [conflicting-members] expected the same users as at ")


def test_groups_and_users_must_agree_on_who_is_in_them(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "a.json": list_members("users", "g1", "u1", "u2"),
            "b.json": list_members("groups", "u1", "g1", "g2"),
            "c.json": list_members("groups", "u2"),
            "d.json": list_members("users", "g2"),
        },
    )
    found = [each.replace(f"{tmp_path}/", "") for each in find_faults([tmp_path])]
    assert found == [
        (
            'a.json: users[1]: [conflicting-members] expected users whose groups have "g1"; those'
            ' of "u2" have not, at c.json:1:1'
        ),
        (
            'b.json: groups[1]: [conflicting-members] expected groups whose users have "u1"; those'
            ' of "g2" have not, at d.json:1:1'
        ),
    ]


def test_two_exports_must_agree_on_a_resource(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "e1.json": {"resources": [make_resource(project="e1")]},
            "e2.json": {"resources": [make_resource(project="e2")]},
        },
    )
    [found] = find_faults([tmp_path])
    assert found.startswith("e2.json: resources[0]: [conflicting-resource]")
    assert "e1.json:1:16: resources[0]; found" in found


def test_the_link_and_the_command_line_must_agree(tmp_path: Path) -> None:
    [path] = write(tmp_path, {"u.json": {"users": [], "links": LINK}})
    assert find_faults([], groups={path: "g1"}) == []
    [found] = find_faults([], groups={path: "g2"})
    assert found == (
        'u.json: None: [unknown-group] expected the group "g2", as --group says; links.self is of'
        ' "g1"'
    )
    [found] = find_faults([], users={path: "u1"})
    assert found == "u.json: None: [bad-value] expected groups, as --user says; found users"


def test_a_long_chain_of_roles_is_no_circle(tmp_path: Path) -> None:
    roles = [
        make_role(f"r{n}", Depends=[{"catalog": "CUSTOMED", "display_name": f"R{n + 1}"}])
        for n in range(3000)
    ]
    write(tmp_path, with_roles(*roles))
    assert find_faults([tmp_path]) == []
    roles[-1] = make_role("r2999", Depends=[{"catalog": "CUSTOMED", "display_name": "R0"}])
    write(tmp_path, with_roles(*roles))
    assert len(find_faults([tmp_path])) == 1


def test_a_fault_of_what_is_given_twice_is_told_once(tmp_path: Path) -> None:
    [path] = write(tmp_path, {"b.json": {"roles": 1}})
    write(tmp_path, {"a.json": {"roles": 1}, "c.json": "{"})
    link = tmp_path / "d.json"
    link.symlink_to("c.json")
    assert [each.partition("] ")[0] for each in find_faults([tmp_path, path])] == [
        "a.json: roles: [bad-value",
        "c.json: None: [not-json",
    ]


def test_faults_end_somewhere(tmp_path: Path) -> None:
    write(tmp_path, {"e.json": {"resources": [{}] * 1000}})
    found = find_faults([tmp_path])
    assert len(found) == 1001
    assert "[too-many]" in found[-1]


def test_faults_end_also_where_files_are_no_json(tmp_path: Path) -> None:
    # The thousandth is of a file that cannot be looked into.
    files = {"a.json": f"[{'NaN, ' * 998} NaN]", "b.json": "{", "c.json": "[NaN, NaN, NaN]"}
    write(tmp_path, files)
    found = find_faults([tmp_path])
    assert len(found) == 1002
    assert "[too-many]" in found[-1]


def test_a_file_has_a_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"s.json": {"snapshots": []}})
    monkeypatch.setattr(exports, "MOST_BYTES", 17)
    assert find_faults([tmp_path]) == []
    monkeypatch.setattr(exports, "MOST_BYTES", 16)
    assert find_faults([tmp_path]) == ["s.json: None: [too-large] expected at most 16 bytes"]


def test_a_folder_has_exports(tmp_path: Path) -> None:
    with pytest.raises(ScopegateError, match=r"has no file whose name ends in \.json"):
        assemble([tmp_path])


def test_what_a_later_schema_asks_for_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path, with_roles(make_role()))
    definitions = INPUT_SCHEMA["definitions"] | {"policy": {"maxProperties": 1}}
    strict = {**INPUT_SCHEMA, "definitions": definitions}
    with pytest.raises(
        FaultsError, match="what the schema asks for by maxProperties; found an object"
    ):
        assemble_identities(Sources((tmp_path,), groups={}, users={}), strict)


def depend_on(*names: str) -> list[dict[str, str]]:
    return [{"catalog": "CUSTOMED", "display_name": name} for name in names]


def test_many_ways_to_one_role_are_no_circle(tmp_path: Path) -> None:
    # Each level has two roles that name both of the next: 2 to the 60th ways.
    ladder = [
        make_role(f"r{level}{side}", Depends=depend_on(f"R{level + 1}A", f"R{level + 1}B"))
        for level in range(60)
        for side in "ab"
    ]
    write(tmp_path, with_roles(*ladder))
    assert find_faults([tmp_path]) == []


def test_a_circle_is_told_once(tmp_path: Path) -> None:
    roles = [
        make_role("r1", Depends=depend_on("R2")),
        make_role("r2", Depends=depend_on("R3")),
        make_role("r3", Depends=depend_on("R2")),
        make_role("r4", Depends=depend_on("R3")),
    ]
    write(tmp_path, with_roles(*roles))
    [found] = find_faults([tmp_path])
    assert found.startswith("r.json: roles[2].policy.Depends[0]: [circular-depends] ")
