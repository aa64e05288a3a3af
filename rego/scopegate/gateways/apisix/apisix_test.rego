package scopegate.gateways.apisix_test

import data.scopegate.gateways_test as made

answer_with(given, configuration) := answer if {
	answer := data.scopegate.gateways.apisix.answer with input as given
		with data.scopegate.routes.template as made.template
		with data.scopegate.bundle as made.bundle
		with data.scopegate_identity as made.identity
		with data.scopegate_config as configuration
}

answer_on(given) := answer_with(given, {"identities": true})

reason_of(given) := answer_on(given).headers["x-scopegate-reason"]

fault_of(given) := message if {
	decision := answer_on(given).decision
	decision.reason == "malformed_request"
	message := decision.message
}

# As the plugin sends it, told to send route, service and consumer.
asked(method, path, consumer) := {
	"type": "http",
	"request": {
		"scheme": "http",
		"method": method,
		"host": "evs.example.com",
		"port": 9080,
		"path": path,
		"headers": {"host": "evs.example.com", "accept": ["a", "b"]},
		"query": {},
	},
	"var": {"remote_addr": "127.0.0.1", "timestamp": 1},
	"route": {"id": "r1", "name": "snapshots", "uri": "/*"},
	"service": {"id": "s1"},
	"consumer": consumer,
}

labelled(labels) := {"username": "u1", "labels": labels}

u1 := labelled({"project_id": "p1"})

changed(given, changes) := object.union(given, changes)

many(wanted) := {sprintf("n%d", [number]): "1" | some number in numbers.range(1, wanted)}

test_allowed if {
	answer := answer_on(asked("GET", "/v1/p1/things", u1))
	answer == {"allow": true, "headers": {}, "decision": answer.decision}
	answer.decision.reason == "allowed"
}

test_denied_as_the_service_does if {
	answer := answer_on(asked("POST", "/v1/p1/things", u1))
	answer.allow == false
	answer.status_code == 403
	answer.headers == {"content-type": "application/json", "x-scopegate-reason": "action_not_granted"}
	answer.decision.reason == "action_not_granted"
	json.unmarshal(answer.reason) == {"error": {
		"code": "EVS.5403",
		"message": "Policy doesn't allow made:parts:get to be performed.",
	}}
}

test_labels_say_who_it_is if {
	answer_on(asked("GET", "/v1/p1/things", labelled({"subject_id": "u1", "project_id": "p1"}))).allow
	reason_of(asked("GET", "/v1/p1/things", labelled({"subject_id": "u3", "project_id": "p1"}))) == "explicitly_denied"
	reason_of(asked("GET", "/v1/p1/things", labelled({"domain_id": "d1"}))) == "project_mismatch"
	reason_of(asked("GET", "/v1/p1/things", labelled({"project_id": "p1", "domain_id": "d1"}))) == "unauthenticated"
	reason_of(asked("GET", "/v1/p1/things", labelled({}))) == "unauthenticated"
	reason_of(asked("GET", "/v1/p1/things", null)) == "unauthenticated"
	reason_of(object.remove(asked("GET", "/v1/p1/things", null), ["consumer"])) == "unauthenticated"
}

test_labels_where_the_operator_names_them if {
	configuration := {"gateways": {"apisix": {"labels": {"id": "user", "project_id": "project"}}}}
	answer_with(asked("GET", "/v1/p1/things", labelled({"user": "u1", "project": "p1"})), configuration).allow
	answer_with(asked("GET", "/v1/p1/things", u1), configuration).status_code == 401

	# Where no label says it, it is the consumer's name.
	nameless := {"gateways": {"apisix": {"labels": {"id": "user", "project_id": "project"}}}}
	answer_with(asked("GET", "/v1/p1/things", labelled({"project": "p1"})), nameless).allow
}

test_headers_where_the_operator_names_them if {
	configuration := {"gateways": {"apisix": {"headers": {"id": "x-user-id", "project_id": "x-project-id"}}}}
	sent := changed(
		asked("GET", "/v1/p1/things", null),
		{"request": {"headers": {"x-user-id": "u1", "x-project-id": "p1"}}},
	)
	answer_with(sent, configuration).allow
	reason_of(sent) == "unauthenticated"

	# One that is there twice is a list.
	twice := changed(sent, {"request": {"headers": {"x-user-id": ["u1", "u2"]}}})
	answer_with(twice, configuration).status_code == 401

	# Then the consumer does not count.
	answer_with(asked("GET", "/v1/p1/things", u1), configuration).status_code == 401
}

test_service_by_the_gateways_own_places if {
	given := asked("GET", "/v1/p1/things", u1)
	every places in [{"r1": "evs"}, {"snapshots": "evs"}, {"s1": "evs"}, {"r1": "evs", "s1": "other"}] {
		answer_with(given, {"gateways": {"service": "other", "services": places}}).allow
	}
	every gateways in [{"service": "other"}, {"services": {"r1": "other", "s1": "evs"}}] {
		answer_with(given, {"gateways": gateways}).headers["x-scopegate-reason"] == "no_matching_route"
	}
	answer_with(given, {"gateways": {"services": {"/*": "other"}}}).allow
	nowhere := object.remove(given, ["route", "service"])
	answer_with(nowhere, {"gateways": {"services": {"r1": "other"}}}).allow
	answer_with(nowhere, {"gateways": {"service": "evs"}}).allow
}

test_query_is_listed if {
	query(given) == {"enterprise_project_id": ["e1"], "marker": [""], "tag": ["a", "b"]}
	not query(asked("GET", "/v1/p1/things", u1))
}

given := changed(
	asked("GET", "/v1/p1/things", u1),
	{"request": {"query": {"enterprise_project_id": "e1", "marker": true, "tag": ["a", "b"]}}},
)

query(sent) := asked.question.request.query if {
	asked := data.scopegate.gateways.apisix._inquiry with input as sent
}

test_list_of_all_enterprise_projects_needs_a_filter if {
	sent := changed(
		asked("GET", "/v1/p1/things", {"username": "u2", "labels": {"project_id": "p1"}}),
		{"request": {"query": {"enterprise_project_id": "all_granted_eps"}}},
	)
	reason_of(sent) == "filter_required"
	answer_with(sent, {"gateways": {"filtered_lists": true}}).allow
}

# What comes after the hundredth is not told, and could be what counts.
test_a_hundred_of_anything_is_too_many if {
	sent := asked("GET", "/v1/p1/things", u1)
	fault_of(changed(sent, {"request": {"query": many(100)}})) == "the query of the request has a hundred values or more"
	fault_of(changed(sent, {"request": {"headers": many(97)}})) == "the request has a hundred headers or more"
	answer_on(changed(sent, {"request": {"query": many(99)}})).allow
	reason_of(changed(sent, {"request": {"query": many(100)}})) == "malformed_request"
	reason_of(changed(sent, {"request": {"query": {"a": numbers.range(1, 100)}}})) == "malformed_request"
	answer_on(changed(sent, {"request": {"headers": many(96)}})).allow
	reason_of(changed(sent, {"request": {"headers": many(97)}})) == "malformed_request"
}

# The path was decoded: `%2541` in the request line is `%41` here.
test_path_of_other_than_plain_characters if {
	every path in ["/v1/p1/things/%41", "/v1/p1/things/a b", "/v1/p1/things/é", "/v1/p1/things?x", "/v1/p1/things/a;b"] {
		reason_of(asked("GET", path, u1)) == "malformed_request"
	}
	answer_on(asked("GET", "/v1/p1/things/a.b~c!$&'()*+,=:@-_", u1)).allow
	fault_of(asked("GET", "/v1/p1/things/a b", u1)) == "request.path is malformed: it holds other than plain characters"
}

test_path_header_where_the_operator_names_it if {
	configuration := {"gateways": {"apisix": {"path_header": "x-request-uri"}}}
	sent := asked("GET", "/v1/p1/nowhere", u1)
	answer_with(sent, configuration).headers["x-scopegate-reason"] == "malformed_request"
	whole := changed(sent, {"request": {
		"path": "/v1/p1/things/é",
		"query": {"limit": "1"},
		"headers": {"x-request-uri": "/v1/p1/things/%41?limit=1"},
	}})
	answer_with(whole, configuration).allow
	escaped := changed(whole, {"request": {"headers": {"x-request-uri": "/v1/p1%2Fthings"}}})
	answer_with(escaped, configuration).status_code == 400
	other := changed(whole, {"request": {"headers": {"x-request-url": "/v1/p1/things"}}})
	answer_with(other, configuration).headers["x-scopegate-reason"] == "overridden_request"
	answer_on(changed(whole, {"request": {"path": "/"}})).headers["x-scopegate-reason"] == "overridden_request"
}

test_overriding_headers_are_refused if {
	sent := changed(
		asked("GET", "/v1/p1/things", u1),
		{"request": {"headers": {"x-http-method-override": "DELETE"}}},
	)
	reason_of(sent) == "overridden_request"
}

test_shadow_lets_through_and_says if {
	answer := answer_with(asked("POST", "/v1/p1/things", u1), {"gateways": {"shadow": true}})
	answer.allow
	answer.headers == {}
	answer.decision.allow == false
	answer.decision.reason == "action_not_granted"
}

test_any_input_is_answered if {
	every sent in [null, 1, "x", [], {}, {"request": 1}, {"request": {"headers": [], "query": []}}] {
		answer_on(sent).allow == false
	}
	fault_of({"request": {"headers": {}}}) == "the gateway tells of no query"
	fault_of({"request": {"query": {}}}) == "the gateway tells of no headers"
	fault_of({"request": {"headers": {}, "query": 1}}) == "the gateway tells of no query"
	fault_of({"request": {"headers": [], "query": {}}}) == "the gateway tells of no headers"
}
