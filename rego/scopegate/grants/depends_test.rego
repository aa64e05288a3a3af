package scopegate.grants_test

import data.scopegate_test as made

# Roles by name: each allows an action of its own name, or denies it, and depends on the roles that are named.
role(name, depends) := {
	"catalog": "BASE",
	"display_name": name,
	"Version": "1.0",
	"Statement": [{"Effect": "Allow", "Action": ["made:things:get"]}],
	"Depends": [{"catalog": "BASE", "display_name": other} | some other in depends],
}

# A role that others depend on, and that grants nothing which is asked for.
helper(name, depends) := object.union(
	role(name, depends),
	{"Statement": [{"Effect": "Allow", "Action": ["made:nothing"]}]},
)

reason_with(grants) := made.decision_on(made.question("GET", "/v1/shared", grants)).reason

test_role_takes_effect_where_what_it_names_is_granted if {
	reason_with([{"scope": made.in_project, "policies": [role("a", [])]}]) == "allowed"
	reason_with([{"scope": made.in_project, "policies": [role("a", ["b"]), helper("b", [])]}]) == "allowed"
	reason_with([
		{"scope": made.in_project, "policies": [role("a", ["b", "c"]), helper("b", [])]},
		{"scope": made.in_project, "policies": [helper("c", ["b"])]},
	]) == "allowed"
}

test_role_without_what_it_names_grants_nothing if {
	every grants in [
		[{"scope": made.in_project, "policies": [role("a", ["b"])]}],
		[{"scope": made.in_project, "policies": [role("a", ["b", "c"]), helper("b", [])]}],
		[{"scope": made.in_project, "policies": [role("a", ["b"]), helper("b", ["c"])]}],
		[{"scope": made.in_project, "policies": [role("a", ["b"]), object.union(helper("b", []), {"catalog": "EVS"})]}],
		[{"scope": made.in_project, "policies": [object.union(role("a", []), {"Depends": [{}]})]}],
		[
			{"scope": made.in_project, "policies": [role("a", ["b"])]},
			{"scope": {"iam_project": "p2"}, "policies": [helper("b", [])]},
		],
		[
			{"scope": made.in_project, "policies": [role("a", ["b"])]},
			{"scope": {"domain": "d1"}, "policies": [helper("b", [])]},
		],
	] {
		decision := made.decision_on(made.question("GET", "/v1/shared", grants))
		decision.reason == "action_not_granted"
		decision.not_evaluated == {{"grant": 0, "policy": 0, "statement": 0, "members": {"Depends"}}}
	}
}

test_roles_of_another_project_make_no_difference if {
	reason_with([
		{"scope": made.in_project, "policies": [role("a", ["b"]), helper("b", [])]},
		{"scope": {"iam_project": "p2"}, "policies": [helper("b", ["c"])]},
	]) == "allowed"
}

test_all_resources_are_in_every_project if {
	reason_with([
		{"scope": made.in_project, "policies": [role("a", ["b"])]},
		{"scope": made.everywhere, "policies": [helper("b", [])]},
	]) == "allowed"
	reason_with([
		{"scope": made.everywhere, "policies": [role("a", ["b"])]},
		{"scope": made.in_project, "policies": [helper("b", [])]},
	]) == "allowed"
	reason_with([
		{"scope": made.everywhere, "policies": [role("a", ["b"])]},
		{"scope": {"iam_project": "p2"}, "policies": [helper("b", [])]},
	]) == "action_not_granted"
}

test_all_resources_are_in_the_domain_of_a_domain_token if {
	asked := {
		"request": {"method": "GET", "path": "/v1/domain", "service": "made"},
		"subject": {"domain_id": "d1", "grants": [
			{"scope": made.everywhere, "policies": [role("a", ["b"])]},
			{"scope": {"domain": "d1"}, "policies": [helper("b", [])]},
		]},
	}
	made.decision_on(asked).reason == "allowed"
}

test_circle_of_roles_has_no_effect if {
	reason_with([{"scope": made.in_project, "policies": [role("a", ["a"])]}]) == "action_not_granted"
	reason_with([{"scope": made.in_project, "policies": [role("a", ["b"]), helper("b", ["a"])]}]) == "action_not_granted"
	reason_with([{
		"scope": made.in_project,
		"policies": [role("a", ["b"]), helper("b", ["c"]), helper("c", ["b"])],
	}]) == "action_not_granted"
}

test_deny_of_a_role_without_what_it_names_denies if {
	reason_with([
		made.allow(made.in_project, ["*"]),
		{"scope": made.in_project, "policies": [object.union(
			role("a", ["b"]),
			{"Statement": [{"Effect": "Deny", "Action": ["made:things:get"]}]},
		)]},
	]) == "explicitly_denied"
}

# Of two roles with one name each must have what it names.
test_roles_of_one_name_need_what_both_name if {
	reason_with([
		{"scope": made.in_project, "policies": [role("a", ["b"]), helper("b", [])]},
		{"scope": made.everywhere, "policies": [helper("b", ["c"])]},
	]) == "action_not_granted"
}
