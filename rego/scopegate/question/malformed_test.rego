package scopegate.question_test

import data.scopegate_test as made

message_on(asked) := decision.message if {
	decision := made.decision_on(asked)
	decision.reason == "malformed_request"
	not decision.allow
}

test_input_is_no_object if {
	every asked in [null, [], "{}", 1, true] {
		message_on(asked) == "the input must be an object"
	}

	# The builtin would take it for a document.
	message_on(json.marshal(made.question("GET", "/v1/open", []))) == "the input must be an object"
}

test_message_names_the_member if {
	message_on({}) == "request is missing"
	message_on(made.question("GET", "/v1/open", [{}])) == "subject.grants[0].policies is missing"
	startswith(
		message_on(made.question("GET", "/v1/open", [made.allow({"iam_project": ""}, ["*"])])),
		"subject.grants[0].scope is malformed",
	)
	no_object := {"request": made.question("GET", "/v1/open", []).request, "subject": 1}
	message_on(no_object) == "subject is malformed: Invalid type. Expected: object, given: integer"
	startswith(
		message_on(made.question("GET", "/v1/open", [with_statement({"Effect": "Deny", "NotAction": ["a", "b c"]})])),
		"subject.grants[0].policies[0].Statement[0].NotAction[1] is malformed",
	)
	startswith(
		message_on(made.question("GET", "/v1/open", [made.allow(made.in_project, ["a", "b c"])])),
		"subject.grants[0].policies[0].Statement[0].Action[1] is malformed",
	)
}

test_path if {
	message_on(made.question("GET", "/v1//open", [])) == "request.path is malformed: a segment before the last is empty"
}

open_with(query) := made.question("GET", concat("?", ["/v1/open", query]), [])

test_query_in_path if {
	every query in ["%", "%zz", "%ff", "a;b", "a#b", "é", "a b"] {
		message_on(open_with(query)) == "request.path is malformed: its query must be form-encoded"
	}
	two_values := open_with("enterprise_project_id=a&enterprise_project_id=b")
	message_on(two_values) == "request.path is malformed: enterprise_project_id must have one value"
	made.decision_on(open_with("a=%C3%A9&b=%E4%BD%A0")).allow
	made.decision_on(open_with("enterprise_project_id=a&enterprise_project_id=%61&b=%3B")).allow
}

test_query_of_many_parts if {
	parts := concat("&", ["a" | some _ in numbers.range(1, 10000)])
	made.decision_on(open_with(parts)).allow
	message := "request.path is malformed: its query has more than 10000 parts"
	message_on(open_with(concat("&", [parts, ""]))) == message
}

test_query_in_path_and_beside_it if {
	asked := made.changed(made.question("GET", "/v1/open?", []), {"request": {"query": {}}})
	message_on(asked) == "request.query is malformed: request.path has a query too"
}

test_query_beside_the_path if {
	asked := made.question("GET", "/v1/open", [])
	made.decision_on(made.changed(asked, {"request": {"query": {"a": ["b"]}}})).allow
	every query in [{"a": ["b;c"]}, {"a;b": ["c"]}, {"a": "b"}, {"a": [1]}, [], null, false] {
		startswith(message_on(made.changed(asked, {"request": {"query": query}})), "request.query")
	}
	separated := made.changed(asked, {"request": {"query": {"a": ["b;c"]}}})
	message_on(separated) == "request.query is malformed: a name or value holds a `;`"
	two_values := made.changed(asked, {"request": {"query": {"enterprise_project_id": ["", "e1"]}}})
	message_on(two_values) == "request.query is malformed: enterprise_project_id must have one value"
}

test_one_of_project_and_domain if {
	request := made.question("GET", "/v1/open", []).request
	startswith(message_on({"request": request, "subject": {}}), "subject")
	both := {"project_id": "p1", "domain_id": "d1", "grants": []}
	startswith(message_on({"request": request, "subject": both}), "subject")
}

test_alternatives_are_named if {
	message_on(made.question("GET", "/v1/open", [made.allow({"iam_project": ""}, ["*"])])) == concat(" ", [
		"subject.grants[0].scope is malformed:",
		"exactly one of iam_project, domain, enterprise_project, all_resources",
	])
	message_on(made.question("GET", "/v1/open", [with_statement({"Effect": "Allow"})])) == concat(" ", [
		"subject.grants[0].policies[0].Statement[0] is malformed:",
		"exactly one of Action and NotAction",
	])
	without_token := {"request": made.question("GET", "/v1/open", []).request, "subject": {}}
	message_on(without_token) == "subject is malformed: exactly one of project_id and domain_id"
	resource := with_statement({"Effect": "Allow", "Action": ["*"], "Resource": 1})
	startswith(
		message_on(made.question("GET", "/v1/open", [resource])),
		"subject.grants[0].policies[0].Statement[0].Resource is malformed",
	)
}

with_statement(statement) := {"scope": made.in_project, "policies": [{"Version": "1.1", "Statement": [statement]}]}
