package scopegate.gateways.kong_test

import data.scopegate.gateways_test as made

answer_with(given, configuration) := answer if {
	answer := data.scopegate.gateways.kong.answer with input as given
		with data.scopegate.routes.template as made.template
		with data.scopegate.bundle as made.bundle
		with data.scopegate_identity as made.identity
		with data.scopegate_config as configuration
}

answer_on(given) := answer_with(given, {"identities": true})

reason_of(given) := answer_on(given).headers["x-scopegate-reason"]

# As the plugin sends it, told to send route, service and consumer.
asked(method, path, consumer) := {
	"client_ip": "127.0.0.1",
	"request": {"http": {
		"host": "evs.example.com",
		"port": "8000",
		"tls": {},
		"method": method,
		"scheme": "http",
		"path": path,
		"querystring": {},
		"headers": {"accept": "*/*"},
	}},
	"route": {"id": "r1", "name": "snapshots"},
	"service": {"id": "s1", "name": "evs-upstream"},
	"consumer": consumer,
}

u1 := {"id": "k1", "username": "ann", "custom_id": "u1", "tags": ["team", "project_id:p1"]}

changed(given, changes) := object.union(given, changes)

test_allowed if {
	answer := answer_on(asked("GET", "/v1/p1/things", u1))
	answer == {"allow": true, "headers": {}, "decision": answer.decision}
	answer.decision.reason == "allowed"
}

test_denied_as_the_service_does if {
	answer := answer_on(asked("POST", "/v1/p1/things", u1))
	answer.allow == false
	answer.status == 403
	answer.headers == {"x-scopegate-reason": "action_not_granted"}
	answer.decision.reason == "action_not_granted"
	answer.message == {"error": {
		"code": "EVS.5403",
		"message": "Policy doesn't allow made:parts:get to be performed.",
	}}
}

test_tags_say_where_it_belongs if {
	reason_of(asked("GET", "/v1/p1/things", changed(u1, {"tags": ["domain_id:d1"]}))) == "project_mismatch"
	every tags in [
		[],
		null,
		["project_id"],
		["project_id:p1:x"],
		["project_id:p1", "project_id:p2"],
		["project_id:p1", "domain_id:d1"],
		["account_owner:true", "grants:x"],
		[1, {}],
	] {
		reason_of(asked("GET", "/v1/p1/things", changed(u1, {"tags": tags}))) == "unauthenticated"
	}
	reason_of(object.remove(asked("GET", "/v1/p1/things", null), ["consumer"])) == "unauthenticated"
}

test_other_tags_say_nothing if {
	tags := ["project_id:p1", "account_owner:true", "grants:x", "id:u3"]
	answer_on(asked("GET", "/v1/p1/things", changed(u1, {"tags": tags}))).allow
	subject := data.scopegate.gateways.kong._subject with input as asked("GET", "/", changed(u1, {"tags": tags}))
	subject == {"id": "u1", "project_id": "p1"}
}

test_username_where_there_is_no_custom_id if {
	every consumer in [
		{"username": "u1", "custom_id": null, "tags": ["project_id:p1"]},
		{"username": "u1", "tags": ["project_id:p1"]},
	] {
		answer_on(asked("GET", "/v1/p1/things", consumer)).allow
	}
	named := {"username": "u1", "custom_id": "u3", "tags": ["project_id:p1"]}
	reason_of(asked("GET", "/v1/p1/things", named)) == "explicitly_denied"
}

test_headers_where_the_operator_names_them if {
	configuration := {"gateways": {"kong": {"headers": {"id": "x-user-id", "project_id": "x-project-id"}}}}
	sent := changed(
		asked("GET", "/v1/p1/things", null),
		{"request": {"http": {"headers": {"x-user-id": "u1", "x-project-id": "p1"}}}},
	)
	answer_with(sent, configuration).allow
	reason_of(sent) == "unauthenticated"
	answer_with(asked("GET", "/v1/p1/things", u1), configuration).status == 401
}

test_service_by_the_gateways_own_places if {
	sent := asked("GET", "/v1/p1/things", u1)
	answer_with(sent, {"gateways": {"services": {"evs-upstream": "evs"}}}).allow
	answer_with(sent, {"gateways": {"services": {"evs-upstream": "other"}}}).status == 403
	answer_with(sent, {"gateways": {"provider": "made"}}).allow
	answer_with(sent, {"gateways": {"provider": "other"}}).status == 403
}

test_query if {
	query := {"enterprise_project_id": "all_granted_eps"}
	sent := changed(
		asked("GET", "/v1/p1/things", changed(u1, {"custom_id": "u2"})),
		{"request": {"http": {"querystring": query}}},
	)
	reason_of(sent) == "filter_required"
}

test_path_of_other_than_plain_characters if {
	reason_of(asked("GET", "/v1/p1/things/a%2Fb", u1)) == "malformed_request"
	configuration := {"gateways": {"kong": {"path_header": "x-request-uri"}}}
	sent := changed(
		asked("GET", "/v1/p1/things/A", u1),
		{"request": {"http": {"headers": {"x-request-uri": "/v1/p1/things/%41"}}}},
	)
	answer_with(sent, configuration).allow
}

test_parsed_body if {
	body(changed(asked("POST", "/v1/p1/things", u1), {"request": {"http": {"parsed_body": {"a": 1}}}})) == {"a": 1}
	not body(changed(asked("POST", "/v1/p1/things", u1), {"request": {"http": {"parsed_body": null}}}))
}

body(sent) := asked.question.request.body if {
	asked := data.scopegate.gateways.kong._inquiry with input as sent
}

test_shadow_lets_through_and_says if {
	answer := answer_with(asked("POST", "/v1/p1/things", u1), {"gateways": {"shadow": true}})
	answer.allow
	answer.headers == {}
	answer.decision.reason == "action_not_granted"
}

test_settings_of_another_form_close if {
	answer := answer_with(asked("GET", "/v1/p1/things", u1), {"gateways": {"kong": 1}})
	answer.allow == false
	answer.decision.reason == "invalid_configuration"
}

test_headers_and_query_that_are_not_told_are_refused if {
	given := asked("GET", "/v1/p1/things", u1)
	every name, member in {"headers": "headers", "query": "querystring"} {
		answer := answer_on(json.remove(given, [concat("/", ["request/http", member])]))
		answer.allow == false
		answer.decision.message == concat(" ", ["the gateway tells of no", name])
	}
}

test_any_input_is_answered if {
	every sent in [null, 1, "x", [], {}, {"request": 1}, {"request": {"http": {"headers": 1, "querystring": []}}}] {
		answer_on(sent).allow == false
	}
}
