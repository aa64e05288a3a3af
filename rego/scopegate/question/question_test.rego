package scopegate.question_test

import data.scopegate_test as made

is_plain(asked) if data.scopegate.question.plain_text with input as asked

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

test_plain_inputs_are_plain if {
	is_plain(plain)
	is_plain(made.question("GET", "/", []))
	is_plain(made.changed(plain, {"resource": {}}))
	is_plain(made.changed(plain, {"request": {"host": "h", "query": {"limit": ["5", ""], "a": []}}}))
	domain_token := object.union(object.remove(plain.subject, ["project_id"]), {"domain_id": "d1"})
	is_plain({"request": plain.request, "subject": domain_token})
}

test_whatever_needs_a_closer_look_is_not if {
	every asked in [
		null,
		"{}",
		json.marshal(plain),
		sprintf("%v", [plain]),
		[plain],
		made.changed(plain, {"request": {"path": "/v2\", \"x\": \""}}),
		made.changed(plain, {"request": {"body": {}}}),
		made.changed(plain, {"request": {"query": {"a": "b"}}}),
		made.changed(plain, {"resource": {"enterprise_project_id": ""}}),
		made.changed(plain, {"subject": {"domain_id": "d1"}}),
		made.changed(plain, {"subject": {"account_owner": null}}),
		made.changed(plain, {"subject": {"grants": null}}),
		{"request": plain.request, "subject": object.remove(plain.subject, ["project_id"])},
		made.question("GET", "/v2", [made.allow(made.in_project, [])]),
		made.question("GET", "/v2", [made.allow(made.in_project, ["a b"])]),
		made.question("GET", "/v2", [made.allow({}, ["a"])]),
		made.question("GET", "/v2", [{"scope": made.in_project, "policies": [{"Version": "1.1", "Statement": []}]}]),
	] {
		not is_plain(asked)
	}
}

test_statements_that_are_not_evaluated_are_not_plain if {
	every members in [
		{"Condition": {}},
		{"Resource": []},
		{"Resource": ["*", "*"]},
		{"Resource": {"uri": ["*"]}},
		{"Action": ["a"], "NotAction": ["b"]},
		{"unknown": ""},
	] {
		statement := object.union({"Effect": "Allow", "Action": ["a"]}, members)
		policy := {"Version": "1.1", "Statement": [statement]}
		not is_plain(made.question("GET", "/", [{"scope": made.in_project, "policies": [policy]}]))
	}
	not is_plain(made.question("GET", "/", [{"scope": made.in_project, "policies": [{
		"Version": "1.1",
		"Statement": [{"Effect": "Allow", "NotAction": ["a"]}],
	}]}]))
	not is_plain(made.question("GET", "/", [{"scope": made.in_project, "policies": [{
		"Version": "1.1",
		"Statement": [{"Effect": "Allow", "Action": ["a"]}],
		"Depends": [],
	}]}]))
}
