package scopegate.evaluation_test

import data.scopegate_test as made

e1_and_e2 := [
	made.allow(made.in_enterprise_project("e1"), ["made:*"]),
	made.allow(made.in_enterprise_project("e2"), ["made:things:list"]),
	made.allow(made.in_enterprise_project("e3"), ["made:parts:*"]),
]

test_list_is_selected_by_its_query if {
	made.decision_on(made.question("GET", "/v1/p1/things?enterprise_project_id=e1", e1_and_e2)).reason == "allowed"
	asked := made.question("GET", "/v1/p1/things?enterprise_project_id=e3", e1_and_e2)
	made.decision_on(asked).reason == "action_not_granted"
}

test_query_may_be_given_parsed if {
	asked := made.question("GET", "/v1/p1/things", e1_and_e2)
	made.decision_on(made.changed(asked, {"request": {"query": {"enterprise_project_id": ["e1"]}}})).reason == "allowed"
}

test_all_granted_enterprise_projects if {
	decision := made.decision_on(made.question("GET", "/v1/p1/things?enterprise_project_id=all_granted_eps", e1_and_e2))
	decision.allow
	decision.reason == "allowed"
	decision.enterprise_projects == {"e1", "e2"}
	decision.missing == {"made:things:list"}
}

test_all_granted_enterprise_projects_are_none if {
	decision := made.decision_on(made.question("GET", "/v1/p1/things?enterprise_project_id=all_granted_eps", []))
	decision.reason == "action_not_granted"
	decision.enterprise_projects == set()
}

test_no_filter_where_the_project_allows_all if {
	grants := array.concat(e1_and_e2, [made.allow(made.in_project, ["*"])])
	decision := made.decision_on(made.question("GET", "/v1/p1/things?enterprise_project_id=all_granted_eps", grants))
	decision.reason == "allowed"
	decision.enterprise_projects == null
}

test_project_deny_leaves_no_enterprise_project if {
	grants := array.concat(e1_and_e2, [made.deny(made.in_project, ["*"])])
	decision := made.decision_on(made.question("GET", "/v1/p1/things?enterprise_project_id=all_granted_eps", grants))
	decision.reason == "explicitly_denied"
	decision.enterprise_projects == set()
}

test_enterprise_project_must_be_named if {
	decision := made.decision_on(made.question("GET", "/v1/p1/things", e1_and_e2))
	decision.reason == "enterprise_project_required"
	decision.message == "made:things:list is granted in an enterprise project, and the request names none: e1, e2"
	made.decision_on(made.question("GET", "/v1/p1/things?enterprise_project_id=", e1_and_e2)).reason == decision.reason
}

test_query_counts_on_lists_alone if {
	decision := made.decision_on(made.question("POST", "/v1/p1/things?enterprise_project_id=e1", e1_and_e2))
	decision.reason == "enterprise_project_required"
}

test_resource_comes_before_query if {
	asked := made.question("GET", "/v1/p1/things?enterprise_project_id=all_granted_eps", e1_and_e2)
	decision := made.decision_on(made.changed(asked, {"resource": {"enterprise_project_id": "e3"}}))
	decision.reason == "action_not_granted"
	decision.enterprise_projects == null
}

test_no_filter_where_a_deny_is_of_something_else if {
	grants := array.concat(e1_and_e2, [made.allow(made.in_project, ["*"]), made.deny(made.in_project, ["made:x:*"])])
	decision := made.decision_on(made.question("GET", "/v1/p1/things?enterprise_project_id=all_granted_eps", grants))
	decision.reason == "allowed"
	decision.enterprise_projects == null
}

# It is no enterprise project, whatever grants say.
test_all_granted_enterprise_projects_are_not_one if {
	grants := [made.allow(made.in_enterprise_project("all_granted_eps"), ["*"])]
	decision := made.decision_on(made.question("GET", "/v1/p1/things?enterprise_project_id=all_granted_eps", grants))
	decision.granted == set()
	decision.missing == {"made:things:list"}
}

test_enterprise_project_of_the_path_comes_before_query if {
	asked := made.question("GET", "/v1/things/t1/parts?enterprise_project_id=all_granted_eps", [
		made.allow(made.in_enterprise_project("e1"), ["made:parts:*"]),
		made.allow(made.in_enterprise_project("e2"), ["*"]),
	])
	decision := made.decision_on(asked) with data.scopegate_identity as made.made_identity
	decision.reason == "action_not_granted"
	decision.enterprise_projects == null
}
