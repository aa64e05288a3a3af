package scopegate.gateways.envoy_test

import data.scopegate.gateways_test as made

answer_with(given, configuration) := answer if {
	answer := data.scopegate.gateways.envoy.answer with input as given
		with data.scopegate.routes.template as made.template
		with data.scopegate.bundle as made.bundle
		with data.scopegate_identity as made.identity
		with data.scopegate_config as configuration
}

answer_on(given) := answer_with(given, {"identities": true})

# As OPA-Envoy sends it.
asked(method, path, claims) := {
	"attributes": {
		"contextExtensions": {"service": "evs"},
		"metadataContext": {"filterMetadata": {"envoy.filters.http.jwt_authn": {"jwt_payload": claims}}},
		"request": {
			"http": {
				"headers": {":method": method, ":path": path, "user-agent": "curl"},
				"host": "evs.example.com",
				"id": "1",
				"method": method,
				"path": path,
				"protocol": "HTTP/1.1",
				"scheme": "http",
			},
			"time": "2026-11-23T10:00:00Z",
		},
		"source": {"address": {"socketAddress": {"address": "127.0.0.1", "portValue": 1}}},
	},
	"parsed_body": null,
	"parsed_path": ["v1", "p1", "things"],
	"parsed_query": {},
	"truncated_body": false,
	"version": {"encoding": "protojson", "ext_authz": "v3"},
}

u1 := {"sub": "u1", "project_id": "p1"}

u2 := {"sub": "u2", "project_id": "p1"}

changed(given, changes) := object.union(given, changes)

with_header(given, header, value) := changed(
	given,
	{"attributes": {"request": {"http": {"headers": {header: value}}}}},
)

test_allowed if {
	answer := answer_on(asked("GET", "/v1/p1/things", u1))
	answer.allowed
	answer.headers == {}
	answer.response_headers_to_add == {}
	answer.dynamic_metadata == {"allow": true, "reason": "allowed", "enterprise_projects": null}
	answer.decision.reason == "allowed"
	not answer.body
}

test_denied_as_the_service_does if {
	answer := answer_on(asked("POST", "/v1/p1/things", u1))
	not answer.allowed
	answer.http_status == 403
	answer.headers == {"content-type": "application/json", "x-scopegate-reason": "action_not_granted"}
	json.unmarshal(answer.body) == {"error": {
		"code": "EVS.5403",
		"message": "Policy doesn't allow made:parts:get to be performed.",
	}}
	answer.dynamic_metadata.reason == "action_not_granted"
	answer.decision.missing == {"made:parts:get"}
	not "ineffective" in object.keys(answer.decision)
}

outcome(given) := [answer.http_status, answer.headers["x-scopegate-reason"], told.error.code] if {
	answer := answer_on(given)
	told := json.unmarshal(answer.body)
}

test_reasons_and_codes if {
	every expected in [
		[asked("GET", "/v1/p2/things", u1), 400, "project_mismatch", "Common.0018"],
		[asked("GET", "/v1/p1/things", {"sub": "u3", "project_id": "p1"}), 403, "explicitly_denied", "EVS.2056"],
		[asked("GET", "/v1/p1/things", {}), 401, "unauthenticated", "EVS.5401"],
		[asked("GET", "/v1/nowhere", u1), 403, "no_matching_route", "scopegate.no_matching_route"],
		[asked("GET", "//", u1), 400, "malformed_request", "scopegate.malformed_request"],
		[asked("GET", "/v1/p1/things", {"sub": "x", "project_id": "p1"}), 403, "action_not_granted", "EVS.5403"],
	] {
		outcome(expected[0]) == array.slice(expected, 1, 4)
	}
}

test_explicitly_denied_names_the_action if {
	answer := answer_on(asked("GET", "/v1/p1/things", {"sub": "u3", "project_id": "p1"}))
	json.unmarshal(answer.body).error.message == "Policy doesn't allow made:things:list to be performed."
}

test_nobody_without_a_project_or_with_two_scopes if {
	every claims in [
		{"sub": "u1"},
		{"project_id": "p1"},
		{"sub": "", "project_id": "p1"},
		{"sub": 1, "project_id": "p1"},
		{"sub": "u1", "project_id": "p1", "domain_id": "d1"},
		"u1",
		null,
	] {
		answer_on(asked("GET", "/v1/p1/things", claims)).headers["x-scopegate-reason"] == "unauthenticated"
	}
}

test_claims_of_a_domain_token if {
	answer := answer_on(asked("GET", "/v1/p1/things", {"sub": "u1", "domain_id": "d1"}))
	answer.headers["x-scopegate-reason"] == "project_mismatch"
}

test_neither_headers_nor_other_claims_say_what_was_granted if {
	claims := object.union(u1, {"account_owner": true, "grants": [{
		"scope": {"all_resources": true},
		"policies": [{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["*"]}]}],
	}]})
	not answer_on(asked("POST", "/v1/p1/things", claims)).allowed
	sent := with_header(asked("GET", "/v1/p1/things", {}), "x-user-id", "u1")
	answer_on(with_header(sent, "x-project-id", "p1")).http_status == 401
}

test_headers_where_the_operator_names_them if {
	configuration := {"gateways": {"envoy": {"headers": {"id": "x-user-id", "project_id": "x-project-id"}}}}
	sent := with_header(asked("GET", "/v1/p1/things", {}), "x-user-id", "u1")
	answer_with(with_header(sent, "x-project-id", "p1"), configuration).allowed

	# Then the filter's metadata do not count.
	answer_with(asked("GET", "/v1/p1/things", u1), configuration).http_status == 401
}

test_claims_and_metadata_where_the_operator_names_them if {
	given := changed(
		asked("GET", "/v1/p1/things", {}),
		{"attributes": {"metadataContext": {"filterMetadata": {"made": {"token": {
			"user": {"id": "u1"},
			"project": {"id": "p1"},
		}}}}}},
	)
	answer_with(given, {"gateways": {"envoy": {
		"namespace": "made",
		"payload": "token",
		"claims": {"id": ["user", "id"], "project_id": ["project", "id"]},
	}}}).allowed
}

# Whatever another filter found, or wrote elsewhere, says nothing of the caller.
test_other_metadata_say_nothing if {
	every metadata in [{"made": {"jwt_payload": u1}}, {"envoy.filters.http.jwt_authn": {"made": u1}}] {
		given := json.patch(asked("GET", "/v1/p1/things", {}), [{
			"op": "replace",
			"path": "/attributes/metadataContext/filterMetadata",
			"value": metadata,
		}])
		answer_on(given).headers["x-scopegate-reason"] == "unauthenticated"
	}
}

test_near_readings_are_refused if {
	every path in ["/v1/p1/things/detail.json", "/v1/p1/things/DETAIL?a=b"] {
		answer := answer_on(asked("GET", path, u1))
		answer.http_status == 400
		answer.decision.reason == "near_literal"
		answer.decision.message == "a server may read the path as one with detail"
	}
	answer_on(asked("GET", "/v1/p1/things/A.json", u1)).allowed
}

test_near_readings_in_small_letters_are_refused if {
	every path in ["/v1/p1/things/summary", "/v1/p1/things/summary?a=b"] {
		answer_on(asked("GET", path, u1)).decision.message == "a server may read the path as one with Summary"
	}
	answer_on(asked("GET", "/v1/p1/things/detail", u1)).allowed
	answer_on(asked("GET", "/v1/p1/things/other?summary", u1)).allowed
	answer_on(asked("GET", "/v1/p1/things/other?a=/summary", u1)).allowed
}

test_overriding_headers_are_refused if {
	every header in [
		"x-http-method-override", "x-http-method", "x-method-override", "X-Http-Method-Override",
		"x_http_method_override", "x-original-url", "x-rewrite-url", "X-Original-URI", "x-original_url",
		"x-original-method", "x-override-url", "x-rewrite-path", "x-url-override",
		"x-http-override-method", "x-original-http-method", "x-http-original-url", "http-method-override",
		"method-override", "x-original-request-uri", "x-waws-unencoded-url", "x.http.method.override",
		"script-name", "X-Script-Name", "SCRIPT_NAME", "x-path-info", "x-request-uri", "request-uri", "x-request-path",
		"x-request-method", "http-request-url",
	] {
		answer := answer_on(with_header(asked("GET", "/v1/p1/things", u1), header, "DELETE"))
		answer.http_status == 400
		answer.headers["x-scopegate-reason"] == "overridden_request"
		answer.decision.message == "a header asks for another method or path than the request line"
	}
	every header in ["x-http-methods", "not-x-http-method", "x-original", "x-forwarded-for", "x-request-id"] {
		answer_on(with_header(asked("GET", "/v1/p1/things", u1), header, "DELETE")).allowed
	}
}

with_raw_header(given, header) := changed(
	given,
	{"attributes": {"request": {"http": {"headerMap": {"headers": [{"key": header, "rawValue": "QQ=="}]}}}}},
)

test_headers_as_bytes if {
	given := json.remove(asked("GET", "/v1/p1/things", u1), ["/attributes/request/http/headers"])
	answer_on(given).headers["x-scopegate-reason"] == "malformed_request"
	answer_on(given).decision.message == "the gateway tells of no headers"
	answer_on(with_raw_header(given, "user-agent")).allowed
	answer_on(with_raw_header(given, "x-original-url")).headers["x-scopegate-reason"] == "overridden_request"
}

test_headers_in_either_form_count if {
	given := asked("GET", "/v1/p1/things", u1)
	raw := with_raw_header(given, "x-original-url")
	answer_on(raw).headers["x-scopegate-reason"] == "overridden_request"
	both := with_header(with_raw_header(given, "accept"), "x-original-url", "/")
	answer_on(both).headers["x-scopegate-reason"] == "overridden_request"

	# What is no name of a header hides none.
	keys := [{"key": 1}, {"key": "x-original-url"}]
	odd := changed(raw, {"attributes": {"request": {"http": {"headerMap": {"headers": keys}}}}})
	answer_on(odd).headers["x-scopegate-reason"] == "overridden_request"
	listed := json.patch(given, [{"op": "replace", "path": "/attributes/request/http/headers", "value": ["accept"]}])
	answer_on(listed).headers["x-scopegate-reason"] == "malformed_request"
}

test_raw_path_and_not_the_parsed_one if {
	answer := answer_on(asked("GET", "/v1/p1%2Fthings", u1))
	answer.headers["x-scopegate-reason"] == "malformed_request"
}

test_byte_that_is_no_utf8_is_refused if {
	answer := answer_on(asked("GET", "/v1/p1/things/!!etail", u1))
	answer.decision.reason == "malformed_request"
	answer.decision.message == "request.path is malformed: it holds a `!`"
	answer_on(asked("GET", "/v1/p1/things?a=%21", u1)).allowed
}

test_host_names_no_service if {
	given := json.patch(asked("GET", "/v1/p1/things", u1), [{
		"op": "replace",
		"path": "/attributes/contextExtensions",
		"value": {"service": "other"},
	}])
	answer_on(given).headers["x-scopegate-reason"] == "no_matching_route"
}

test_host_names_a_service_where_the_operator_says_which if {
	given := json.remove(asked("GET", "/v1/p1/things", u1), ["/attributes/contextExtensions"])
	answer_with(given, {"endpoint_prefixes": {"evs": "evs"}}).allowed
	not answer_with(given, {"endpoint_prefixes": {"evs": "other"}}).allowed

	not data.scopegate.gateways.envoy._question.request.host with input as given

	# The operator's word on the route comes first.
	answer_with(asked("GET", "/v1/p1/things", u1), {"endpoint_prefixes": {"evs": "other"}}).allowed
}

test_provider if {
	given := asked("GET", "/v1/p1/things", u1)
	answer_with(given, {"gateways": {"provider": "made"}}).allowed
	not answer_with(given, {"gateways": {"provider": "other"}}).allowed
	named := changed(given, {"attributes": {"contextExtensions": {"provider": "made"}}})
	answer_with(named, {"gateways": {"provider": "other"}}).allowed
}

test_default_service if {
	given := json.remove(asked("GET", "/v1/p1/things", u1), ["/attributes/contextExtensions"])
	answer_on(given).allowed
	answer_with(given, {"gateways": {"service": "evs"}}).allowed
	not answer_with(given, {"gateways": {"service": "other"}}).allowed
}

test_enterprise_project_is_the_operators_word if {
	given := asked("GET", "/v1/p1/things/t1", u2)
	answer_on(given).headers["x-scopegate-reason"] == "enterprise_project_required"
	answer_on(changed(
		given,
		{"attributes": {"contextExtensions": {"enterprise_project_id": "e,1"}}},
	)).allowed
}

body(given) := question.request.body if {
	question := data.scopegate.gateways.envoy._question with input as given
}

test_body_that_is_whole if {
	given := changed(asked("POST", "/v1/p1/things", u1), {"parsed_body": {"a": 1}})
	body(given) == {"a": 1}
	not body(changed(given, {"truncated_body": true}))
	not body(json.remove(given, ["/truncated_body"]))
	body(with_header(given, "x-envoy-auth-partial-body", "false")) == {"a": 1}
	not body(with_header(given, "x-envoy-auth-partial-body", "true"))
	not body(asked("POST", "/v1/p1/things", u1))
}

test_list_of_all_enterprise_projects_needs_a_filter if {
	given := asked("GET", "/v1/p1/things?enterprise_project_id=all_granted_eps", u2)
	answer := answer_on(given)
	answer.headers["x-scopegate-reason"] == "filter_required"
	answer.decision.message == "the answer must be filtered, and nothing is configured to do it"
	answer.dynamic_metadata.allow == false
	filtered := answer_with(given, {"gateways": {"filtered_lists": true}})
	filtered.allowed
	filtered.response_headers_to_add == {"x-scopegate-enterprise-projects": "e%2C1"}
	filtered.dynamic_metadata.enterprise_projects == {"e,1"}

	several := object.union(made.identity, {"subjects": {"u2": {"grants": array.concat(
		made.identity.subjects.u2.grants,
		[{"scope": {"enterprise_project": "e2"}, "policies": ["things"]}],
	)}}})
	both := answer_with(given, {"gateways": {"filtered_lists": true}}) with made.identity as several
	both.response_headers_to_add == {"x-scopegate-enterprise-projects": "e%2C1,e2"}

	# Who is let through in shadow mode alone is told of none.
	shadow := answer_with(given, {"gateways": {"shadow": true}})
	shadow.response_headers_to_add == {
		"x-scopegate-reason": "filter_required",
		"x-scopegate-shadow": "deny",
	}
}

# One that is not allowed needs none.
test_list_of_no_enterprise_project_needs_no_filter if {
	unknown := {"sub": "unknown", "project_id": "p1"}
	answer := answer_on(asked("GET", "/v1/p1/things?enterprise_project_id=all_granted_eps", unknown))
	answer.headers["x-scopegate-reason"] == "action_not_granted"
}

test_shadow_lets_through_and_says if {
	configuration := {"gateways": {"shadow": true}}
	answer := answer_with(asked("POST", "/v1/p1/things", u1), configuration)
	answer.allowed
	answer.headers == {}
	answer.response_headers_to_add == {
		"x-scopegate-reason": "action_not_granted",
		"x-scopegate-shadow": "deny",
	}
	answer.decision.allow == false
	answer_with({}, configuration).allowed
	answer_with(asked("GET", "/v1/p1/things", u1), configuration).response_headers_to_add == {}
}

test_operators_routes_are_for_everyone if {
	configuration := {"routes": [{"methods": ["GET"], "path": "/healthz"}]}
	given := asked("GET", "/healthz", {})
	answer_with(given, configuration).allowed
	answer_with(given, configuration).decision.reason == "operator_route"
	answer_with(given, {}).http_status == 401
	answer_with(given, {}).decision.message == "no verified identity: an id, and exactly one of project and domain"
	overridden := with_header(given, "x-http-method", "DELETE")
	answer_with(overridden, configuration).http_status == 400
}

test_any_input_is_answered if {
	every given in [null, 1, "x", [], {}, {"attributes": 1}, {"attributes": {"request": {"http": []}}}] {
		answer_on(given).allowed == false
	}
}

test_no_configuration_and_no_identities_at_all if {
	answer := data.scopegate.gateways.envoy.answer with input as asked("GET", "/v1/p1/things", u1)
		with data.scopegate.routes.template as made.template
		with data.scopegate.bundle as made.bundle
	answer.headers["x-scopegate-reason"] == "action_not_granted"
}

test_escaped_end_of_a_path_is_refused if {
	every path in ["/v1/p1/things%3Fx", "/v1/p1/things%3fx", "/v1/p1/things%23", "/v1/p1/%23/things?a=b"] {
		answer := answer_on(asked("GET", path, u1))
		answer.decision.reason == "malformed_request"
		answer.decision.message == "request.path is malformed: it holds an escaped `?` or `#`"
		not answer.allowed
	}
	answer_on(asked("GET", "/v1/p1/things?a=%3F%23", u1)).allowed
}
