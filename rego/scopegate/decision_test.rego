package scopegate_test

test_whole_decision if {
	decision_on(question("POST", "/v1/p1/things", [allow(in_project, ["made:things:*"])])) == {
		"allow": false,
		"reason": "action_not_granted",
		"message": "made:parts:get is not granted in IAM project p1",
		"route": {"row": 1, "provider": "made", "service": "made", "path": "/v1/made"},
		"required": {"made:things:create", "made:parts:get"},
		"granted": {"made:things:create"},
		"missing": {"made:parts:get"},
		"denied": set(),
		"ineffective": set(),
		"enterprise_projects": null,
		"not_evaluated": set(),
		"revision": "r1",
	}
}

test_malformed_request_has_no_route if {
	decision := decision_on({"request": {"method": "GET", "path": "/v1/domain", "service": "made"}})
	decision.reason == "malformed_request"
	decision.route == null
	decision.required == set()
	not decision.allow
}

test_malformed_comes_before_account_owner if {
	asked := changed(question("GET", "/v1/domain", null), {"subject": {"account_owner": true}})
	decision_on(asked).reason == "malformed_request"
}

test_no_input_is_malformed if {
	decision := data.scopegate.decision
	decision.reason == "malformed_request"
	decision.message == "the input must be an object"
}

test_ambiguous_service if {
	asked := {"request": {"method": "GET", "path": "/v1/shared"}, "subject": {"project_id": "p1"}}
	decision := decision_on(asked)
	decision.reason == "ambiguous_service"
	decision.message == concat(" ", [
		"several services document this path, and request.service and request.provider leave more than one:",
		"made/made, made/other",
	])
	decision.route == null
}

test_provider_names_one_of_several if {
	several := object.union(made_bundle, {"apis": {"other": {"theirs": "theirs/other"}}})
	reasons := {name: reason |
		some name, request in {
			"service": {"service": "other"},
			"provider": {"provider": "made"},
			"both": {"service": "other", "provider": "theirs"},
			"service of one": {"service": "made"},
			"no such": {"service": "made", "provider": "theirs"},
		}
		asked := {"request": {"method": "GET", "path": "/v1/shared"}, "subject": {"project_id": "p1"}}
		reason := decision_on(changed(asked, {"request": request})).reason with data.scopegate_test.made_bundle as several
	}
	reasons == {
		"service": "ambiguous_service",
		"provider": "ambiguous_service",
		"both": "action_not_granted",
		"service of one": "action_not_granted",
		"no such": "no_matching_route",
	}
}

test_service_names_one_of_several if {
	decision_on(question("GET", "/v1/shared", [])).reason == "action_not_granted"
}

test_nobody_in_particular_is_granted_nothing if {
	decision := decision_on({
		"request": {"method": "GET", "path": "/v1/elsewhere", "service": "made"},
		"subject": {"project_id": "p1"},
	})
	decision.reason == "action_not_granted"
	decision.message == "made:things:get is not granted in IAM project p1"
}

test_service_may_be_left_out_where_one_documents_the_path if {
	asked := {"request": {"method": "GET", "path": "/v1/open"}, "subject": {"project_id": "p1"}}
	decision_on(asked).reason == "no_authorization_required"
}

test_another_service_is_no_route if {
	asked := changed(question("GET", "/v1/open", []), {"request": {"service": "evs"}})
	decision := decision_on(asked)
	decision.reason == "no_matching_route"
	decision.message == "no documented route of service evs has this path"
}

test_another_method_is_no_route if {
	decision := decision_on(question("PATCH", "/v1/p1/things", [allow(everywhere, ["*"])]))
	decision.reason == "no_matching_route"
	decision.message == "the methods documented for this path are GET, POST"
}

test_methods_of_the_only_service_that_documents_the_path if {
	asked := {"request": {"method": "PUT", "path": "/v1/open"}, "subject": {"project_id": "p1"}}
	decision_on(asked).message == "the methods documented for this path are GET"
}

test_project_of_path_is_not_that_of_token if {
	decision := decision_on(question("POST", "/v1/p2/things", [allow(everywhere, ["*"])]))
	decision.reason == "project_mismatch"
	decision.message == "the project in the path is not that of the token"
	decision.required == {"made:things:create", "made:parts:get"}
	decision.missing == set()
}

test_project_mismatch_holds_for_account_owner if {
	asked := changed(question("POST", "/v1/p2/things", []), {"subject": {"account_owner": true}})
	decision_on(asked).reason == "project_mismatch"
}

test_any_project_is_a_mismatch_for_a_domain_token if {
	asked := {
		"request": {"method": "GET", "path": "/v1/p1/things"},
		"subject": {"domain_id": "p1", "grants": [allow(everywhere, ["*"])]},
	}
	decision_on(asked).reason == "project_mismatch"
}

test_account_owner if {
	asked := changed(question("POST", "/v1/p1/things", []), {"subject": {"account_owner": true}})
	decision := decision_on(asked)
	decision.allow
	decision.reason == "account_owner"
	decision.message == "the account itself may call everything"
}

test_no_authorization_required if {
	decision := decision_on(question("GET", "/v1/open", [deny(everywhere, ["*"])]))
	decision.allow
	decision.reason == "no_authorization_required"
	decision.message == "this route requires no authorization"
	decision.required == set()
}

test_allowed if {
	grants := [allow(in_project, ["made:parts:get", "made:things:create"])]
	decision := decision_on(question("POST", "/v1/p1/things", grants))
	decision.allow
	decision.reason == "allowed"
	decision.message == "every required action is granted"
	decision.granted == decision.required
}

test_allow_is_the_decision_as_a_boolean if {
	data.scopegate.allow with input as question("GET", "/v1/open", [])
		with data.scopegate.routes.template as made_template
		with data.scopegate.bundle as made_bundle
	not data.scopegate.allow with input as question("GET", "/v1/domain", [])
		with data.scopegate.routes.template as made_template
		with data.scopegate.bundle as made_bundle
}

test_rules_without_their_bundle_deny if {
	asked := {"request": {"method": "GET", "path": "/v2/p1/snapshots"}, "subject": {"project_id": "p1"}}
	decision := data.scopegate.decision with input as asked
	decision.reason == "no_matching_route"
	decision.revision == ""
}

test_no_service_and_no_route if {
	asked := {"request": {"method": "GET", "path": "/v1/nowhere"}, "subject": {"project_id": "p1"}}
	decision_on(asked).message == "no documented route has this path"
}
