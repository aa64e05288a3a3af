package scopegate_test

is_ordinary(asked) if data.scopegate.is_ordinary with input as asked

plain := {
	"request": {"method": "GET", "path": "/v2/p1/snapshots", "service": "evs"},
	"resource": {"enterprise_project_id": "e1"},
	"subject": {"account_owner": false, "id": "u1", "project_id": "p1", "grants": [
		allow(in_project, ["evs:*:get", "evs:volumes:list"]),
		deny(everywhere, ["*"]),
		{"scope": in_enterprise_project("e1"), "policies": [{
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
	not is_ordinary(question("GET", "/", []))
	is_ordinary(question("GET", "/v2", []))
	is_ordinary(changed(plain, {"resource": {}}))
}

test_whatever_needs_a_closer_look_is_not if {
	every asked in [
		null,
		"{}",
		changed(plain, {"request": {"path": "/v2/"}}),
		changed(plain, {"request": {"path": "/v2//p1"}}),
		changed(plain, {"request": {"path": "/v2/../p1"}}),
		changed(plain, {"request": {"path": "/v2?a"}}),
		changed(plain, {"request": {"path": "/v2/%70"}}),
		changed(plain, {"request": {"path": "/v2\",\"x\":\""}}),
		changed(plain, {"request": {"body": {}}}),
		changed(plain, {"request": {"query": {}}}),
		changed(plain, {"resource": {"enterprise_project_id": ""}}),
		changed(plain, {"subject": {"domain_id": "d1"}}),
		changed(plain, {"subject": {"account_owner": null}}),
		question("GET", "/v2", [allow(in_project, [])]),
		question("GET", "/v2", [allow(in_project, ["a b"])]),
		question("GET", "/v2", [allow({}, ["a"])]),
		question("GET", "/v2", [{"scope": in_project, "policies": [{"Version": "1.1", "Statement": []}]}]),
	] {
		not is_ordinary(asked)
	}
}
