package scopegate.question_test

import data.scopegate_test as made

# As a request of a subject that is known by its id alone, where identities are made.configured.
decision_for(subject) := made.configured(
	{
		"request": {"method": "POST", "path": "/v1/p1/things", "service": "made"},
		"subject": object.union({"project_id": "p1"}, subject),
	},
	{"identities": true},
)

test_grants_of_a_subject_and_its_groups if {
	decision_for({"id": "u1"}).reason == "allowed"
	decision_for({"id": "owner"}).reason == "account_owner"
	decision_for({"id": "owner", "account_owner": false}).reason == "account_owner"
}

test_grants_of_the_identity_bundle_are_plain if {
	data.scopegate.question.plain_text with input as made.question("GET", "/v1/open", 1)
		with input.subject as {"id": "u1", "project_id": "p1"}
		with data.scopegate_identity as made.made_identity
}

test_what_the_input_says_of_a_known_subject_does_not_count_and_is_not_malformed if {
	every claim, reason in {true: "allowed", false: "allowed", "": "malformed_request", null: "malformed_request"} {
		given := {
			"request": {"method": "POST", "path": "/v1/p1/things", "service": "made"},
			"subject": {"project_id": "p1", "id": "u1", "account_owner": claim},
		}
		made.configured(given, {}).reason == reason
	}
}

test_unknown_subject_has_no_grants if {
	decision := decision_for({"id": "u2"})
	decision.reason == "action_not_granted"
	endswith(decision.message, "not granted in IAM project p1; subject u2 is not known")
	decision_for({"id": "nobody"}).reason == "action_not_granted"
	endswith(decision_for({"id": "nobody"}).message, "not granted in IAM project p1")
	endswith(decision_for({}).message, "; the request names no subject")
}

test_grants_of_a_request_do_not_count_where_identities_are_configured if {
	grants := [made.allow(made.everywhere, ["*"])]
	every claim in [{"grants": []}, {"grants": null}, {"grants": grants}, {"account_owner": true}] {
		every subject in [claim, object.union(claim, {"id": "u1"})] {
			decision := decision_for(subject)
			decision.reason == "malformed_request"
			startswith(decision.message, "subject is malformed: where identities are configured")
		}
	}
	decision_for({"id": "u1", "account_owner": true, "grants": []}).message == concat(" ", [
		"subject is malformed:",
		"where identities are configured it may not bring account_owner, grants",
	])
	decision_for({"id": "u1", "grants": false}).reason == "malformed_request"
}

test_whatever_the_operator_says_but_false_configures_identities if {
	asked := made.question("POST", "/v1/p1/things", [made.allow(made.everywhere, ["*"])])
	every value in [true, null, 0, "no", {}] {
		made.configured(asked, {"identities": value}).reason == "malformed_request"
	}
	every configuration in [{"identites": true}, null, "x", []] {
		made.configured(asked, configuration).reason == "malformed_request"
	}
	made.configured(asked, {"identities": false}).reason == "allowed"
	made.configured(asked, {}).reason == "allowed"
}

test_without_a_word_of_the_operator_either_counts if {
	made.configured(made.question("POST", "/v1/p1/things", []), {}).reason == "action_not_granted"
	asked := {
		"request": {"method": "POST", "path": "/v1/p1/things", "service": "made"},
		"subject": {"id": "u1", "project_id": "p1"},
	}
	made.configured(asked, {}).reason == "allowed"
	made.decision_on(asked).reason == "action_not_granted"
	made.configured(made.changed(asked, {"subject": {"grants": null}}), {}).reason == "malformed_request"
}

test_what_a_broken_bundle_lacks_could_be_a_deny if {
	every id in ["lost-group", "lost-policy", "no-list", "no-object", "no-policies", "misspelt"] {
		decision := decision_for({"id": id})
		decision.reason == "malformed_request"
		startswith(decision.message, "in the identity bundle, subject.grants")
	}
	decision_for({"id": "no-boolean"}).reason == "malformed_request"
}

test_only_what_the_bundle_says_is_called_its_fault if {
	asked := {"request": {"path": "/v1/open"}, "subject": {"id": "u1", "project_id": "p1"}}
	made.configured(asked, {}).message == "request.method is missing"
	brought := made.changed(made.question("GET", "/v1/open", [{}]), {"subject": {"id": "u1"}})
	made.configured(brought, {}).message == "subject.grants[0].policies is missing"
}

thing(path, grants) := made.configured(made.question("GET", path, grants), {})

granted_in_e1 := [made.allow(made.in_enterprise_project("e1"), ["*"])]

test_enterprise_project_of_the_resource_in_the_path if {
	thing("/v1/things/t1", granted_in_e1).reason == "allowed"
	elsewhere := thing("/v1/things/t2", granted_in_e1)
	elsewhere.reason == "action_not_granted"
	endswith(elsewhere.message, "not granted in IAM project p1 or the enterprise project of the resource")
	thing("/v1/things/t1/parts/q1", granted_in_e1).reason == "allowed"
	thing("/v1/things/t1/keys/k1", granted_in_e1).reason == "allowed"
}

test_resources_that_are_unknown_or_disagree_have_none if {
	every path in ["/v1/things/t3", "/v1/things/t4", "/v1/things/t2/parts/q1", "/v1/things/t1/parts/q2"] {
		thing(path, granted_in_e1).reason == "enterprise_project_required"
	}
}

test_whoever_asks_knows_better_than_the_bundle if {
	asked := made.changed(
		made.question("GET", "/v1/things/t2", granted_in_e1),
		{"resource": {"enterprise_project_id": "e1"}},
	)
	made.configured(asked, {}).reason == "allowed"
}

test_query_does_not_name_another_enterprise_project_than_that_of_the_resource if {
	thing("/v1/things/t2/parts?enterprise_project_id=e1", granted_in_e1).reason == "action_not_granted"
	thing("/v1/things/t1/parts?enterprise_project_id=e2", granted_in_e1).reason == "allowed"
	thing("/v1/things/t4/parts?enterprise_project_id=e1", granted_in_e1).reason == "allowed"
}
