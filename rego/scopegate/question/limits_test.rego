package scopegate.question_test

import data.scopegate.schemas
import data.scopegate_test as made

# Each list as long as it may be, and one longer.

limits := schemas.question.limits

message_with(grants) := message_on(made.question("GET", "/v1/open", grants))

is_in_order(asked) if made.decision_on(asked).allow

many(number, value) := [value | some _ in numbers.range(1, number)]

text_of(number) := concat("", many(number, "x"))

statement := {"Effect": "Allow", "Action": ["made:things:get"], "Resource": ["*"]}

policy := {"Version": "1.1", "Statement": [statement]}

in_policies(policies) := [{"scope": made.in_project, "policies": policies}]

in_statements(statements) := in_policies([{"Version": "1.1", "Statement": statements}])

test_number_of_grants if {
	grant := {"scope": {"enterprise_project": "e1"}, "policies": []}
	is_in_order(made.question("GET", "/v1/open", many(limits.grants, grant)))
	message_with(many(limits.grants + 1, grant)) == "subject.grants is malformed: more than 2000 grants"
}

test_number_of_policies if {
	is_in_order(made.question("GET", "/v1/open", in_policies(many(limits.policies, policy))))
	message_with(in_policies(many(limits.policies + 1, policy))) == "subject.grants is malformed: more than 2000 policies"
}

test_number_of_statements if {
	is_in_order(made.question("GET", "/v1/open", in_statements(many(limits.statements, statement))))
	message_with(in_statements(many(limits.statements + 1, statement))) == concat("", [
		"subject.grants is malformed: ",
		"more than 5000 statements",
	])
}

test_number_of_patterns if {
	every name in ["Action", "NotAction", "Resource"] {
		as_many := object.union({"Effect": "Deny"}, {name: many(limits.patterns + 1, "a")})
		message_with(in_statements([as_many])) == "subject.grants is malformed: more than 20000 patterns"
	}
	uris := object.union(statement, {"Resource": {"uri": many(limits.patterns + 1, "a")}})
	message_with(in_statements([uris])) == "subject.grants is malformed: more than 20000 patterns"
	is_in_order(made.question("GET", "/v1/open", in_statements([{
		"Effect": "Deny",
		"Action": many(limits.patterns, "a"),
	}])))
}

test_number_of_dependencies if {
	depends := many(limits.dependencies - 1, {})
	is_in_order(made.question("GET", "/v1/open", in_policies([object.union(policy, {"Depends": depends})])))
	more := object.union(policy, {"Depends": array.concat(depends, [{}])})
	message_with(in_policies([more])) == "subject.grants is malformed: more than 20000 dependencies"
}

roles_at_enterprise_projects(number) := [grant |
	some i in numbers.range(1, number)
	role := object.union(policy, {"Depends": [{}]})
	grant := {"scope": {"enterprise_project": format_int(i, 10)}, "policies": [role]}
]

test_dependencies_at_all_resources_count_for_each_scope_of_roles if {
	role := object.union(policy, {"Depends": many(499, {}), "name": text_of(limits.characters)})
	everywhere := {"scope": made.everywhere, "policies": [role]}
	is_in_order(made.question("GET", "/v1/open", array.concat([everywhere], roles_at_enterprise_projects(30))))
	message_with(array.concat([everywhere], roles_at_enterprise_projects(40))) == concat("", [
		"subject.grants is malformed: ",
		"more than 20000 dependencies",
	])
}

test_number_of_members if {
	long := {"name": text_of(limits.characters)}
	crowded := {format_int(i, 10): 1 | some i in numbers.range(1, 11)}
	message := "subject.grants is malformed: more than 10 members of one"
	message_with(in_policies([object.union(long, {"Version": "1.1", "Statement": [crowded]})])) == message
	message_with([{"scope": crowded, "policies": [object.union(policy, long)]}]) == message
}

test_length_of_strings if {
	longest := text_of(limits.characters)
	is_in_order(made.changed(made.question("GET", "/v1/open", []), {"request": {"host": longest}}))
	is_in_order(made.changed(made.question("GET", "/v1/open", []), {"subject": {"id": longest}}))
	every change in [
		{"request": {"method": concat("", [longest, "x"])}},
		{"request": {"path": concat("", ["/", longest])}},
		{"request": {"service": concat("", [longest, "x"])}},
		{"request": {"host": concat("", [longest, "x"])}},
		{"subject": {"id": concat("", [longest, "x"])}},
		{"subject": {"project_id": concat("", [longest, "x"])}},
		{"subject": {"domain_id": concat("", [longest, "x"])}},
		{"resource": {"enterprise_project_id": concat("", [longest, "x"])}},
	] {
		message := message_on(made.changed(made.question("GET", "/v1/open", []), change))
		endswith(message, " is malformed: more than 16384 characters")
	}
	message_with([{"scope": {"domain": concat("", [longest, "x"])}, "policies": []}]) == concat("", [
		"subject.grants is malformed: ",
		"more than 16384 characters",
	])
}

test_number_of_values_of_the_query if {
	every query in [{"a": many(5000, "")}, {format_int(i, 10): [] | some i in numbers.range(1, 5001)}] {
		asked := made.changed(made.question("GET", "/v1/open", []), {"request": {"query": query}})
		message_on(asked) == "request.query is malformed: more than 5000 values"
	}
	asked := made.changed(made.question("GET", "/v1/open", []), {"request": {"query": {"a": many(4999, "")}}})
	is_in_order(asked)
}

test_digits_of_numbers if {
	long := text_of(limits.characters)
	every spelt in [concat("", many(101, "1")), "1e100", "-1.5E+309", "1e-100"] {
		body := {"request": {"body": [long, {"a": json.unmarshal(spelt)}]}}
		message_on(made.changed(made.question("GET", "/v1/open", []), body)) == concat("", [
			"the input is malformed: ",
			"more than 100 digits of a number",
		])
	}
	every value in [json.unmarshal(concat("", many(100, "1"))), 1e99, "1e100", concat("", many(101, "1")), " 1e100"] {
		is_in_order(made.changed(made.question("GET", "/v1/open", []), {"request": {"body": [long, value]}}))
	}
}

test_small_inputs_are_not_counted if {
	every spelt in ["1e309", concat("", many(309, "1"))] {
		number := json.unmarshal(spelt)
		is_in_order(made.changed(made.question("GET", "/v1/open", []), {"request": {"body": number}}))

		# The builtin that looks at the form would panic.
		version := {"Version": number, "Statement": [statement]}
		startswith(message_with(in_policies([version])), "subject.grants[0].policies[0].Version is malformed")
		effect := {"Effect": number, "Action": ["*"]}
		startswith(message_with(in_statements([effect])), "subject.grants[0].policies[0].Statement[0].Effect is malformed")
		startswith(
			message_with([{"scope": {"all_resources": number}, "policies": []}]),
			"subject.grants[0].scope is malformed",
		)
		resource := object.union(statement, {"Resource": number})
		startswith(message_with(in_statements([resource])), "subject.grants[0].policies[0].Statement[0].Resource")
	}
}
