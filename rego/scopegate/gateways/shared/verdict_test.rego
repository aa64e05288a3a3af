package scopegate.gateways.shared_test

test_codes_of_a_service_that_is_not_known if {
	refusal := {"reason": "unauthenticated", "message": "m", "missing": set(), "denied": set()}
	error := data.scopegate.gateways.shared.error(refusal, null)
	error == {"error": {"code": "scopegate.unauthenticated", "message": "m"}}
}

test_nothing_is_told_of_a_faulty_configuration if {
	refusal := {"reason": "invalid_configuration", "message": "secret"}
	words := data.scopegate.gateways.shared._words(refusal)
	words == "scopegate is not configured as it must be"
	data.scopegate.gateways.shared.status(refusal) == 500
}

test_every_denied_action_is_named if {
	denial := {"reason": "explicitly_denied", "denied": {"a:b:get", "a:b:list"}, "missing": set()}
	error := data.scopegate.gateways.shared.error(denial, "evs")
	error == {"error": {"code": "EVS.2056", "message": "Policy doesn't allow a:b:get, a:b:list to be performed."}}
}

test_codes_of_the_service if {
	every reason in ["enterprise_project_required", "scope_unsupported", "action_not_granted"] {
		denial := {"reason": reason, "message": "m", "denied": set(), "missing": set()}
		data.scopegate.gateways.shared.error(denial, "evs").error.code == "EVS.5403"
	}
}

test_answering_service if {
	asked := {"request": {"method": "GET"}}
	one := {"apis": {"evs": {"p": "p/evs", "q": "q/evs"}}}
	data.scopegate.gateways.shared.answering_service(asked) == "evs" with data.scopegate.bundle as one
	data.scopegate.gateways.shared.answering_service(asked) == null with data.scopegate.bundle as {
		"apis": {"a": {}, "b": {}},
	}
	data.scopegate.gateways.shared.answering_service({"request": {"service": "ecs"}}) == "ecs"
}

# A configuration at fault might not have meant it.
test_shadow_of_a_faulty_configuration_lets_nothing_through if {
	refusal := {"allow": false, "reason": "invalid_configuration"}
	configuration := {"gateways": {"shadow": true}}
	not data.scopegate.gateways.shared.is_let_through(refusal) with data.scopegate_config as configuration
}

# The members of a decision, but for one that gateways do not tell.
test_whole_refusal if {
	inquiry := {"question": {}, "header_names": set(), "faults": {"b", "a"}}
	refusal := data.scopegate.gateways.shared.verdict(inquiry) with data.scopegate.bundle as {"revision": "r1"}
	refusal == {
		"allow": false,
		"reason": "malformed_request",
		"message": "a",
		"route": null,
		"required": set(),
		"granted": set(),
		"missing": set(),
		"denied": set(),
		"enterprise_projects": null,
		"not_evaluated": set(),
		"revision": "r1",
	}
}
