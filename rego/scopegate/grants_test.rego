package scopegate_test

reason_for(path, grants) := decision_on(question("GET", path, grants)).reason

test_project_allow_beats_enterprise_project_deny if {
	grants := [allow(in_project, ["*"]), deny(in_enterprise_project("e1"), ["*"])]
	asked := changed(question("POST", "/v1/p1/things", grants), {"resource": {"enterprise_project_id": "e1"}})
	decision_on(asked).reason == "allowed"
}

test_project_deny_beats_enterprise_project_allow if {
	grants := [deny(in_project, ["made:parts:*"]), allow(in_enterprise_project("e1"), ["*"])]
	asked := changed(question("POST", "/v1/p1/things", grants), {"resource": {"enterprise_project_id": "e1"}})
	decision := decision_on(asked)
	decision.reason == "explicitly_denied"
	decision.denied == {"made:parts:get"}
	decision.granted == {"made:things:create"}
	decision.message == "made:parts:get is denied"
}

test_deny_beats_allow_at_one_level if {
	grants := [allow(in_project, ["*"]), deny(everywhere, ["made:*"])]
	decision := decision_on(question("POST", "/v1/p1/things", grants))
	decision.reason == "explicitly_denied"
	decision.message == "made:parts:get, made:things:create are denied"
}

test_levels_are_put_together_by_action if {
	grants := [allow(in_project, ["made:parts:get"]), allow(in_enterprise_project("e1"), ["made:things:create"])]
	asked := changed(question("POST", "/v1/p1/things", grants), {"resource": {"enterprise_project_id": "e1"}})
	decision_on(asked).reason == "allowed"
}

test_enterprise_project_deny if {
	grants := [allow(in_enterprise_project("e1"), ["*"]), deny(in_enterprise_project("e1"), ["made:parts:get"])]
	asked := changed(question("POST", "/v1/p1/things", grants), {"resource": {"enterprise_project_id": "e1"}})
	decision_on(asked).reason == "explicitly_denied"
}

test_another_enterprise_project_does_not_count if {
	asked := changed(
		question("POST", "/v1/p1/things", [allow(in_enterprise_project("e2"), ["*"])]),
		{"resource": {"enterprise_project_id": "e1"}},
	)
	decision := decision_on(asked)
	decision.reason == "action_not_granted"
	decision.message == concat(" ", [
		"made:parts:get, made:things:create are not granted in",
		"IAM project p1 or enterprise project e1",
	])
	decision.ineffective == set()
}

test_grant_at_unsupported_enterprise_project_is_ineffective if {
	decision := decision_on(question("GET", "/v1/elsewhere", [allow(in_enterprise_project("e1"), ["*"])]))
	decision.reason == "scope_unsupported"
	decision.ineffective == {{"action": "made:things:get", "scope": {"enterprise_project": "e1"}}}
	decision.message == "made:things:get is granted only where it does not count for this route"
}

test_grant_at_unsupported_iam_project_is_ineffective if {
	decision := decision_on(question("GET", "/v1/domain", [allow(in_project, ["*"])]))
	decision.reason == "scope_unsupported"
	decision.ineffective == {{"action": "made:things:get", "scope": {"iam_project": "p1"}}}
}

test_all_resources_count_where_the_iam_project_is_unsupported if {
	reason_for("/v1/domain", [allow(everywhere, ["*"])]) == "allowed"
}

test_undocumented_scopes if {
	reason_for("/v1/unknown", [allow(in_project, ["*"])]) == "allowed"
	reason_for("/v1/unknown", [allow(in_enterprise_project("e1"), ["*"])]) == "scope_unsupported"
}

test_grant_at_a_domain_is_ineffective_for_a_project_token if {
	reason_for("/v1/elsewhere", [allow({"domain": "d1"}, ["*"])]) == "scope_unsupported"
}

domain_question(scope) := {
	"request": {"method": "GET", "path": "/v1/domain"},
	"subject": {"domain_id": "d1", "grants": [allow(scope, ["*"])]},
}

test_domain_token if {
	decision_on(domain_question({"domain": "d1"})).reason == "allowed"
	decision_on(domain_question({"domain": "d2"})).reason == "action_not_granted"
	decision_on(domain_question({"domain": "d2"})).message == "made:things:get is not granted in domain d1"
	decision_on(domain_question({"all_resources": true})).reason == "allowed"
	decision_on(domain_question({"iam_project": "p1"})).reason == "scope_unsupported"
}

test_another_project_does_not_count_and_is_no_mistake if {
	decision := decision_on(question("GET", "/v1/elsewhere", [allow({"iam_project": "p2"}, ["*"])]))
	decision.reason == "action_not_granted"
	decision.ineffective == set()
}
