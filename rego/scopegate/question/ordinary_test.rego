package scopegate.question_test

import data.scopegate_test as made

is_ordinary(asked) if data.scopegate.question.is_ordinary with input as asked

plain := {
	"request": {"method": "GET", "path": "/v2/p1/snapshots", "service": "evs"},
	"resource": {"enterprise_project_id": "e1"},
	"subject": {"account_owner": false, "id": "u1", "project_id": "p1", "grants": [
		made.allow(made.in_project, ["evs:*:get", "evs:volumes:list"]),
		made.deny(made.everywhere, ["*"]),
		{"scope": made.in_enterprise_project("e1"), "policies": [{
			"name": "阅读者",
			"Version": "1.0",
			"Statement": [
				{"Effect": "Allow", "Action": ["a"], "Resource": ["*"]},
				{"Effect": "Deny", "Action": ["b"]},
			],
		}]},
		{"scope": {"domain": "d1"}, "policies": []},
	]},
}

test_plain_inputs_are_ordinary if {
	is_ordinary(plain)
	not is_ordinary(made.question("GET", "/", []))
	is_ordinary(made.question("GET", "/v2", []))
	is_ordinary(made.changed(plain, {"resource": {}}))
}

test_whatever_needs_a_closer_look_is_not if {
	every asked in [
		null,
		"{}",
		made.changed(plain, {"request": {"path": "/v2/"}}),
		made.changed(plain, {"request": {"path": "/v2//p1"}}),
		made.changed(plain, {"request": {"path": "/v2/../p1"}}),
		made.changed(plain, {"request": {"path": "/v2?a"}}),
		made.changed(plain, {"request": {"path": "/v2/%70"}}),
		made.changed(plain, {"request": {"path": "/v2\",\"x\":\""}}),
		made.changed(plain, {"request": {"body": {}}}),
		made.changed(plain, {"request": {"query": {}}}),
		made.changed(plain, {"resource": {"enterprise_project_id": ""}}),
		made.changed(plain, {"subject": {"domain_id": "d1"}}),
		made.changed(plain, {"subject": {"account_owner": null}}),
		made.question("GET", "/v2", [made.allow(made.in_project, [])]),
		made.question("GET", "/v2", [made.allow(made.in_project, ["a b"])]),
		made.question("GET", "/v2", [made.allow({}, ["a"])]),
		made.question("GET", "/v2", [{"scope": made.in_project, "policies": [{"Version": "1.1", "Statement": []}]}]),
	] {
		not is_ordinary(asked)
	}
}
