package scopegate.route_test

import data.scopegate_test as made

everything := {
	"made:things:pause",
	"made:things:start",
	"made:things:stop",
	"made:things:tag",
}

# What a request to the route with cases requires, by the members that are added to it.
required(method, request) := decision.required if {
	decision := made.decision_on(made.changed(
		made.question(method, "/v1/things/t1/action", []),
		{"request": request},
	))
	decision.reason == "action_not_granted"
}

test_case_by_a_member_of_the_body if {
	every value in ["x", "", 1, null, false, {}, []] {
		required("POST", {"body": {"start": value}}) == {"made:things:start"}
	}
	required("POST", {"body": {"stop": null, "more": 1}}) == {"made:things:stop"}
}

test_case_by_the_value_of_a_member if {
	required("POST", {"body": {"tags": "create"}}) == {"made:things:tag"}
	every value in ["delete", "Create", "", 1, null, ["create"]] {
		required("POST", {"body": {"tags": value}}) == everything
	}
}

test_case_by_the_value_of_the_query if {
	required("POST", {"body": {}, "query": {"type": ["pause"]}}) == {"made:things:pause"}
	required("POST", {"body": {}, "query": {"type": ["pause", "pause"]}}) == {"made:things:pause"}
	every values in [[], ["x"], ["pause", "x"], ["Pause"]] {
		required("POST", {"body": {}, "query": {"type": values}}) == everything
	}
	made.decision_on(made.question("GET", "/v1/things/t1/action?type=a", [])).required == {"made:things:list"}
}

test_no_case_and_several_need_all if {
	every body in [{}, {"reboot": null}, [], ["start"], "start", 1, null, false, {"start": 1, "stop": 1}] {
		required("POST", {"body": body}) == everything
	}
	required("POST", {"body": {"start": 1}, "query": {"type": ["pause"]}}) == everything
	required("GET", {}) == {"made:things:get", "made:things:list"}
}

test_decision_names_the_case if {
	asked := made.changed(
		made.question("POST", "/v1/things/t1/action", [made.allow(made.in_project, ["made:things:start"])]),
		{"request": {"body": {"start": {}}}},
	)
	decision := made.decision_on(asked)
	decision.reason == "allowed"
	decision.route.path == "/v1/action body.start"
	decision.required == {"made:things:start"}
}

test_case_that_needs_no_action if {
	decision := made.decision_on(made.question("GET", "/v1/things/t1/action?type=b", []))
	decision.reason == "no_authorization_required"
	decision.route.path == "/v1/action query.type=b"
}

test_scopes_are_those_of_the_case if {
	granted := [made.allow(made.in_enterprise_project("e1"), ["*"])]
	asked := made.changed(
		made.question("POST", "/v1/things/t1/action", granted),
		{"resource": {"enterprise_project_id": "e1"}},
	)
	made.decision_on(made.changed(asked, {"request": {"body": {"start": {}}}})).reason == "allowed"
	made.decision_on(made.changed(asked, {"request": {"body": {"stop": {}}}})).reason == "scope_unsupported"
}

test_without_a_body_nothing_is_allowed if {
	granted := [made.allow(made.everywhere, ["*"])]
	decision := made.decision_on(made.question("POST", "/v1/things/t1/action?type=pause", granted))
	decision.reason == "body_required"
	decision.required == everything
	decision.granted == set()
	decision.route.path == "/v1/action"
	not decision.allow
	decision.message == "what this route requires depends on the body, and request.body is not given"
}

test_account_owner_needs_no_body if {
	asked := made.changed(made.question("POST", "/v1/things/t1/action", []), {"subject": {"account_owner": true}})
	made.decision_on(asked).reason == "account_owner"
}
