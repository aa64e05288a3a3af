package scopegate.evaluation_test

import data.scopegate_test as made

reason_for(path, grants) := made.decision_on(made.question("GET", path, grants)).reason

test_project_allow_beats_enterprise_project_deny if {
	grants := [made.allow(made.in_project, ["*"]), made.deny(made.in_enterprise_project("e1"), ["*"])]
	asked := made.changed(made.question("POST", "/v1/p1/things", grants), {"resource": {"enterprise_project_id": "e1"}})
	made.decision_on(asked).reason == "allowed"
}

test_project_deny_beats_enterprise_project_allow if {
	grants := [made.deny(made.in_project, ["made:parts:*"]), made.allow(made.in_enterprise_project("e1"), ["*"])]
	asked := made.changed(made.question("POST", "/v1/p1/things", grants), {"resource": {"enterprise_project_id": "e1"}})
	decision := made.decision_on(asked)
	decision.reason == "explicitly_denied"
	decision.denied == {"made:parts:get"}
	decision.granted == {"made:things:create"}
	decision.message == "made:parts:get is denied"
}

test_deny_beats_allow_at_one_level if {
	grants := [made.allow(made.in_project, ["*"]), made.deny(made.everywhere, ["made:*"])]
	decision := made.decision_on(made.question("POST", "/v1/p1/things", grants))
	decision.reason == "explicitly_denied"
	decision.message == "made:parts:get, made:things:create are denied"
}

test_levels_are_put_together_by_action if {
	grants := [
		made.allow(made.in_project, ["made:parts:get"]),
		made.allow(made.in_enterprise_project("e1"), ["made:things:create"]),
	]
	asked := made.changed(made.question("POST", "/v1/p1/things", grants), {"resource": {"enterprise_project_id": "e1"}})
	decision := made.decision_on(asked)
	decision.reason == "allowed"
	decision.message == "every required action is granted"
}

test_enterprise_project_deny if {
	grants := [
		made.allow(made.in_enterprise_project("e1"), ["*"]),
		made.deny(made.in_enterprise_project("e1"), ["made:parts:get"]),
	]
	asked := made.changed(made.question("POST", "/v1/p1/things", grants), {"resource": {"enterprise_project_id": "e1"}})
	made.decision_on(asked).reason == "explicitly_denied"
}

test_another_enterprise_project_does_not_count if {
	asked := made.changed(
		made.question("POST", "/v1/p1/things", [made.allow(made.in_enterprise_project("e2"), ["*"])]),
		{"resource": {"enterprise_project_id": "e1"}},
	)
	decision := made.decision_on(asked)
	decision.reason == "action_not_granted"
	decision.message == concat(" ", [
		"made:parts:get, made:things:create are not granted in",
		"IAM project p1 or enterprise project e1",
	])
	decision.ineffective == set()
}

test_grant_at_unsupported_enterprise_project_is_ineffective if {
	grants := [made.allow(made.in_enterprise_project("e1"), ["*"])]
	decision := made.decision_on(made.question("GET", "/v1/elsewhere", grants))
	decision.reason == "scope_unsupported"
	decision.ineffective == {{"action": "made:things:get", "scope": {"enterprise_project": "e1"}}}
	decision.message == "made:things:get is granted only where it does not count for this route"
}

test_grant_at_unsupported_iam_project_is_ineffective if {
	decision := made.decision_on(made.question("GET", "/v1/domain", [made.allow(made.in_project, ["*"])]))
	decision.reason == "scope_unsupported"
	decision.ineffective == {{"action": "made:things:get", "scope": {"iam_project": "p1"}}}
}

test_all_resources_count_where_the_iam_project_is_unsupported if {
	reason_for("/v1/domain", [made.allow(made.everywhere, ["*"])]) == "allowed"
}

test_grant_at_a_domain_is_ineffective_for_a_project_token if {
	reason_for("/v1/elsewhere", [made.allow({"domain": "d1"}, ["*"])]) == "scope_unsupported"
}

domain_question(scope) := {
	"request": {"method": "GET", "path": "/v1/domain"},
	"subject": {"domain_id": "d1", "grants": [made.allow(scope, ["*"])]},
}

test_domain_token if {
	made.decision_on(domain_question({"domain": "d1"})).reason == "allowed"
	made.decision_on(domain_question({"domain": "d2"})).reason == "action_not_granted"
	made.decision_on(domain_question({"domain": "d2"})).message == "made:things:get is not granted in domain d1"
	made.decision_on(domain_question({"all_resources": true})).reason == "allowed"
	made.decision_on(domain_question({"iam_project": "p1"})).reason == "scope_unsupported"
}

test_another_project_does_not_count_and_is_no_mistake if {
	decision := made.decision_on(made.question("GET", "/v1/elsewhere", [made.allow({"iam_project": "p2"}, ["*"])]))
	decision.reason == "action_not_granted"
	decision.message == "made:things:get is not granted in IAM project p1"
	decision.ineffective == set()
}
