package scopegate.gateways.shared_test

test_codes_of_a_service_that_is_not_known if {
	refusal := {"reason": "unauthenticated", "message": "m", "missing": set(), "denied": set()}
	error := data.scopegate.gateways.shared.error(refusal, null)
	error == {"error": {"code": "scopegate.unauthenticated", "message": "m"}}
}

test_nothing_is_told_of_a_faulty_configuration if {
	refusal := {"reason": "invalid_configuration", "message": "secret"}
	words := data.scopegate.gateways.shared._words(refusal)
	not contains(words, "secret")
	data.scopegate.gateways.shared.status(refusal) == 500
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
