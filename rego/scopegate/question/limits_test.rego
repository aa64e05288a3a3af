package scopegate.question_test

import data.scopegate.schemas
import data.scopegate_test as made

# Each list as long as it may be, and one longer, with limits that are quickly passed.

small_limits := object.union(schemas.question, {"limits": {
	"characters": 600,
	"values": 8,
	"grants": 6,
	"policies": 7,
	"statements": 9,
	"patterns": 20,
	"dependencies": 40,
	"dependencies of one": 30,
	"members of one": 10,
	"digits of a number": 12,
}})

is_short(text) if count(text) <= small_limits.limits.characters

limited(asked) := decision if {
	decision := made.decision_on(asked) with schemas.question as small_limits
		with schemas.short_question as is_short
}

refusal(change) := message if {
	decision := limited(made.changed(padded, change))
	decision.reason == "malformed_request"
	message := decision.message
}

refusal_of(grants) := refusal({"subject": {"grants": grants}})

is_in_order(change) if limited(made.changed(padded, change)).allow

# What is ignored makes it longer than any one string may be.
padded := made.changed(made.question("GET", "/v1/open", []), {"subject": {"note": text_of(600)}})

many(number, value) := [value | some _ in numbers.range(1, number)]

text_of(number) := concat("", many(number, "x"))

statement := {"Effect": "Allow", "Action": ["made:things:get"], "Resource": ["*"]}

policy := {"Version": "1.1", "Statement": [statement]}

in_policies(policies) := [{"scope": made.in_project, "policies": policies}]

in_statements(statements) := in_policies([{"Version": "1.1", "Statement": statements}])

test_number_of_grants if {
	grant := {"scope": {"enterprise_project": "e1"}, "policies": []}
	is_in_order({"subject": {"grants": many(6, grant)}})
	refusal_of(many(7, grant)) == "subject.grants is malformed: more than 6 grants"
	refusal_of(many(7, {})) == "subject.grants is malformed: more than 6 grants"
}

test_number_of_policies if {
	is_in_order({"subject": {"grants": in_policies(many(7, policy))}})
	refusal_of(in_policies(many(8, policy))) == "subject.grants is malformed: more than 7 policies"
	halves := array.concat(in_policies(many(4, policy)), in_policies(many(4, policy)))
	refusal_of(halves) == "subject.grants is malformed: more than 7 policies"
	refusal_of(many(6, in_policies(many(2, policy))[0])) == "subject.grants is malformed: more than 7 policies"
}

# Longer than one string may be, and plain.
test_plain_inputs_are_counted_too if {
	grants := in_policies(many(8, policy))
	limited(made.question("GET", "/v1/open", grants)).message == "subject.grants is malformed: more than 7 policies"
	limited(made.question("GET", "/v1/open", in_policies(many(7, policy)))).allow
}

test_plain_inputs_that_are_long_bring_no_grants_where_identities_are_configured if {
	asked := made.question("GET", "/v1/open", in_policies(many(7, policy)))
	decision := limited(asked) with data.scopegate_config as {"identities": true}
	decision.reason == "malformed_request"
}

test_long_inputs_are_looked_at_as_short_ones_are if {
	refusal({"request": {"method": 1}}) == "request.method is malformed: Invalid type. Expected: string, given: integer"
}

test_number_of_statements if {
	is_in_order({"subject": {"grants": in_statements(many(9, statement))}})
	refusal_of(in_statements(many(10, statement))) == "subject.grants is malformed: more than 9 statements"
	refusal_of(in_statements(many(10, {}))) == "subject.grants is malformed: more than 9 statements"
	policies := array.concat(in_statements(many(4, statement))[0].policies, many(6, policy))
	refusal_of(in_policies(policies)) == "subject.grants is malformed: more than 9 statements"
}

test_number_of_patterns if {
	is_in_order({"subject": {"grants": in_statements([{"Effect": "Deny", "Action": many(20, "a")}])}})
	every name in ["Action", "NotAction", "Resource"] {
		as_many := object.union({"Effect": "Deny"}, {name: many(21, "a")})
		refusal_of(in_statements([as_many])) == "subject.grants is malformed: more than 20 patterns"
	}
	uris := object.union(statement, {"Resource": {"uri": many(19, "a")}})
	refusal_of(in_statements([uris])) == "subject.grants is malformed: more than 20 patterns"
	three := object.union(statement, {"Action": many(2, "a")})
	refusal_of(in_statements(many(9, three))) == "subject.grants is malformed: more than 20 patterns"
	refusal_of(in_statements(many(10, three))) == "subject.grants is malformed: more than 9 statements"
	condition := {format_int(i, 10): "a" | some i in numbers.range(1, 21)}
	is_in_order({"subject": {"grants": in_statements([object.union(statement, {"Condition": condition})])}})
}

role(number) := object.union(policy, {"Depends": many(number, {})})

test_number_of_dependencies if {
	is_in_order({"subject": {"grants": in_policies([role(20), role(18)])}})
	refusal_of(in_policies([role(20), role(19)])) == "subject.grants is malformed: more than 40 dependencies"
	is_in_order({"subject": {"grants": in_policies([role(30)])}})
	refusal_of(in_policies([role(31)])) == "subject.grants is malformed: more than 30 dependencies of one"
	refusal_of(in_policies(many(7, role(5)))) == "subject.grants is malformed: more than 40 dependencies"
	refusal_of(in_policies(many(8, role(5)))) == "subject.grants is malformed: more than 7 policies"
}

test_dependencies_at_all_resources_count_for_each_scope_of_roles if {
	everywhere := {"scope": made.everywhere, "policies": [role(6)]}
	elsewhere := [{"scope": {"enterprise_project": id}, "policies": [role(1)]} | some id in ["a", "b", "c"]]
	is_in_order({"subject": {"grants": array.concat([everywhere], array.slice(elsewhere, 0, 2))}})
	refusal_of(array.concat([everywhere], elsewhere)) == "subject.grants is malformed: more than 40 dependencies"
	is_in_order({"subject": {"grants": array.concat([everywhere], many(5, in_policies([policy])[0]))}})
}

test_number_of_members if {
	crowded := {format_int(i, 10): 1 | some i in numbers.range(1, 11)}
	refusal_of(in_statements([crowded])) == "subject.grants is malformed: more than 10 members of one"
	refusal_of([{"scope": crowded, "policies": []}]) == "subject.grants is malformed: more than 10 members of one"
	refusal_of(in_statements(many(10, crowded))) == "subject.grants is malformed: more than 9 statements"
	not contains(refusal_of(in_statements([object.remove(crowded, ["1"])])), "members of one")
}

test_length_of_strings if {
	is_in_order({"request": {"host": text_of(600)}})
	is_in_order({"subject": {"id": text_of(600)}})
	every part, names in {
		"request": ["method", "path", "provider", "service", "host"],
		"subject": ["id", "project_id", "domain_id"],
		"resource": ["enterprise_project_id"],
	} {
		every name in names {
			member := concat(".", [part, name])
			refusal({part: {name: text_of(601)}}) == concat("", [member, " is malformed: more than 600 characters"])
		}
	}
	refusal_of([{"scope": {"domain": text_of(601)}, "policies": []}]) == concat(" ", [
		"subject.grants is malformed:",
		"more than 600 characters",
	])

	# Only strings have some.
	not contains(refusal({"request": {"host": many(601, "")}}), "characters")
}

test_number_of_values_of_the_query if {
	is_in_order({"request": {"query": {"a": many(7, "")}}})
	every query in [{"a": many(8, "")}, {format_int(i, 10): [] | some i in numbers.range(1, 9)}] {
		refusal({"request": {"query": query}}) == "request.query is malformed: more than 8 values"
	}
}

test_digits_of_numbers if {
	every spelt in ["1234567890123", "1e100", "-1.5E+309", "1e-100"] {
		refusal({"request": {"body": [{"a": json.unmarshal(spelt)}]}}) == concat("", [
			"the input is malformed: ",
			"more than 12 digits of a number",
		])
	}
	every value in [123456789012, 1e99, "1e100", " 1e100", "1234567890123", " 1234567890123", [1, " 1e100"]] {
		is_in_order({"request": {"body": value}})
	}
}

test_small_inputs_are_not_counted if {
	limited(made.question("GET", "/v1/open", many(7, {"scope": {"domain": ""}, "policies": []}))).message == concat("", [
		"subject.grants[0].scope is malformed: ",
		"exactly one of iam_project, domain, enterprise_project, all_resources",
	])
	limited(made.question("GET", "/v1/open", many(7, {"scope": {"domain": "d"}, "policies": []}))).allow
}

with_grants(grants) := made.question("GET", "/v1/open", grants)

# The builtin that looks at the form would panic, were it to compare one with others.
test_numbers_beyond_a_float if {
	number := json.unmarshal("1e309")
	made.decision_on(made.changed(with_grants([]), {"request": {"body": number}})).allow
	startswith(
		message_on(with_grants(in_policies([{"Version": number, "Statement": [statement]}]))),
		"subject.grants[0].policies[0].Version is malformed",
	)
	startswith(
		message_on(with_grants(in_statements([{"Effect": number, "Action": ["*"]}]))),
		"subject.grants[0].policies[0].Statement[0].Effect is malformed",
	)
	startswith(
		message_on(with_grants([{"scope": {"all_resources": number}, "policies": []}])),
		"subject.grants[0].scope is malformed",
	)
	every resource in [number, [number]] {
		startswith(
			message_on(with_grants(in_statements([object.union(statement, {"Resource": resource})]))),
			"subject.grants[0].policies[0].Statement[0].Resource",
		)
	}
}
