package scopegate.gateways.authzen_test

import data.scopegate.gateways_test as made

evaluation_on(given) := answer if {
	answer := data.scopegate.gateways.authzen.evaluation with input as given
		with data.scopegate.routes.template as made.template
		with data.scopegate.bundle as made.bundle
		with data.scopegate_identity as made.identity
}

template_on(given) := answer if {
	answer := data.scopegate.gateways.authzen.template with input as given
		with data.scopegate.routes.template as made.template
		with data.scopegate.bundle as made.bundle
		with data.scopegate_identity as made.identity
}

evaluations_on(given) := evaluations_with(given, made.identity)

evaluations_with(given, identity) := answer if {
	answer := data.scopegate.gateways.authzen.evaluations with input as given
		with data.scopegate.routes.template as made.template
		with data.scopegate.bundle as made.bundle
		with data.scopegate_identity as identity
}

asked(method, path) := {
	"subject": {"type": "user", "id": "u1", "properties": {"project_id": "p1"}},
	"action": {"name": method},
	"resource": {"type": "route", "id": path},
}

changed(given, changes) := object.union(given, changes)

test_evaluation if {
	answer := evaluation_on(asked("POST", "/v1/p1/things"))
	answer == {"decision": false, "context": {
		"reason": "action_not_granted",
		"message": "made:parts:get is not granted in IAM project p1",
		"route": {"row": 1, "provider": "made", "service": "evs", "path": "/v1/{project_id}/things"},
		"required": {"made:things:create", "made:parts:get"},
		"missing": {"made:parts:get"},
		"denied": set(),
		"enterprise_projects": null,
		"revision": "r1",
	}}
	evaluation_on(asked("GET", "/v1/p1/things")).decision
}

test_provider_and_body if {
	given := asked("GET", "/v1/p1/things")
	evaluation_on(changed(given, {"resource": {"properties": {"provider": "made"}}})).decision
	other := changed(given, {"resource": {"properties": {"provider": "other"}}})
	evaluation_on(other).context.reason == "no_matching_route"
	with_body := changed(given, {"context": {"body": {"a": null}}})
	request := data.scopegate.gateways.authzen._request with input as with_body
	request.body == {"a": null}
}

test_provider_of_the_configuration if {
	every provider, allowed in {"made": true, "other": false} {
		configuration := {"gateways": {"provider": provider}}
		answer := evaluation_on(asked("GET", "/v1/p1/things")) with data.scopegate_config as configuration
		answer.decision == allowed
	}
}

test_service_of_the_configuration if {
	every service, allowed in {"evs": true, "other": false} {
		configuration := {"gateways": {"service": service}}
		answer := evaluation_on(asked("GET", "/v1/p1/things")) with data.scopegate_config as configuration
		answer.decision == allowed
	}
}

test_project_of_the_context_or_of_the_subject if {
	given := json.remove(asked("GET", "/v1/p1/things"), ["/subject/properties"])
	evaluation_on(given).context.reason == "unauthenticated"
	evaluation_on(changed(given, {"context": {"project_id": "p1"}})).decision
	evaluation_on(changed(given, {"context": {"domain_id": "d1"}})).context.reason == "project_mismatch"
	both := asked("GET", "/v1/p1/things")
	evaluation_on(changed(both, {"context": {"project_id": "p1"}})).decision
	evaluation_on(changed(both, {"context": {"project_id": "p2"}})).context.reason == "unauthenticated"
	evaluation_on(changed(both, {"context": {"domain_id": "d1"}})).context.reason == "unauthenticated"
	differing := {"context": {"project_id": "p2", "domain_id": "d1"}}
	evaluation_on(changed(both, differing)).context.reason == "unauthenticated"
}

test_grants_of_the_caller_do_not_count if {
	everything := [{
		"scope": {"all_resources": true},
		"policies": [{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["*"]}]}],
	}]
	claimed := {"subject": {
		"grants": everything,
		"account_owner": true,
		"properties": {"grants": everything, "account_owner": true},
	}}
	not evaluation_on(changed(asked("POST", "/v1/p1/things"), claimed)).decision
}

test_service_and_enterprise_project_of_the_resource if {
	given := changed(asked("GET", "/v1/p1/things/t1"), {"subject": {"id": "u2"}})
	evaluation_on(given).context.reason == "enterprise_project_required"
	evaluation_on(changed(given, {"resource": {"properties": {"enterprise_project_id": "e,1"}}})).decision
	other := {"resource": {"properties": {"service": "other"}}}
	evaluation_on(changed(given, other)).context.reason == "no_matching_route"
}

test_resource_of_another_type if {
	given := changed(asked("GET", "/v1/p1/things"), {"resource": {"type": "document"}})
	evaluation_on(given).context.reason == "malformed_request"
	evaluation_on(given).context.message == "resource.type must be route"
}

test_template if {
	every path in ["/v1/{project_id}/things", "/v1/{tenantId}/things", "/v1/{PROJECT-ID}/things/{thing_id}"] {
		template_on(asked("GET", path)).decision
	}
	template_on(asked("GET", "/v1/{domain_id}/things")).context.reason == "project_mismatch"
	template_on(asked("GET", "/v1/{project_id}/nothings")).context.reason == "no_matching_route"
	template_on(changed(asked("GET", "/v1/p1/things"), {"resource": {"id": 1}})).context.reason == "malformed_request"
	by_domain := json.patch(asked("GET", "/v1/{project_id}/things"), [{
		"op": "replace",
		"path": "/subject/properties",
		"value": {"domain_id": "d1"},
	}])
	template_on(by_domain).context.reason == "project_mismatch"
}

test_template_with_a_project_that_must_be_escaped if {
	given := changed(asked("GET", "/v1/{project_id}/things"), {"subject": {"properties": {"project_id": "a b"}}})
	template_on(given).context.reason == "action_not_granted"
	hostile := changed(given, {"subject": {"properties": {"project_id": "p1/things/t1"}}})
	template_on(hostile).context.reason == "malformed_request"
}

items := [
	{"resource": {"type": "route", "id": "/v1/p1/things"}},
	{"action": {"name": "POST"}, "resource": {"type": "route", "id": "/v1/p1/things"}},
	{"resource": {"type": "route", "id": "/v1/p1/things/t1"}},
]

several(list, options) := object.union(
	object.remove(asked("GET", "/v1/p1/things"), ["resource"]),
	{"evaluations": list, "options": options},
)

decisions(given) := [each.decision | some each in evaluations_on(given).evaluations]

test_evaluations_in_their_order if {
	decisions(several(items, {})) == [true, false, true]
	decisions(several(items, {"evaluations_semantic": "execute_all"})) == [true, false, true]
	decisions(several(items, {"evaluations_semantic": "deny_on_first_deny"})) == [true, false]
	decisions(several(items, {"evaluations_semantic": "permit_on_first_permit"})) == [true]
	decisions(several([items[1], items[1]], {"evaluations_semantic": "permit_on_first_permit"})) == [false, false]
	decisions(several([items[0]], {"evaluations_semantic": "deny_on_first_deny"})) == [true]
}

# They are looked at in parts, of which those after the end are not looked at.
test_many_evaluations if {
	allowed := [items[0] | some _ in numbers.range(1, 30)]
	many := array.flatten([allowed, items[1], allowed])
	count(decisions(several(many, {}))) == 61
	ended := decisions(several(many, {"evaluations_semantic": "deny_on_first_deny"}))
	count(ended) == 31
	ended[30] == false
	count(decisions(several(allowed, {"evaluations_semantic": "deny_on_first_deny"}))) == 30
	denied := array.flatten([[items[1] | some _ in numbers.range(1, 99)], items[0]])
	count(decisions(several(denied, {"evaluations_semantic": "permit_on_first_permit"}))) == 100
}

test_what_evaluations_share_is_short if {
	long := concat("", ["x" | some _ in numbers.range(1, 4097)])
	every shared in [
		{"subject": {"id": long}},
		{"action": {"name": long}},
		{"resource": {"id": long}},
		{"context": {"x": [long]}},
		{"more": long},
	] {
		answer := evaluations_on(object.union(several(items, {}), shared))
		answer.context.message == "what the evaluations share must have at most 4,096 characters"
	}

	# As OPA spells it.
	given := object.union(several(items, {"x": long}), {"context": {"x": ""}})
	rest := 4096 - count(sprintf("%v", [object.remove(given, ["evaluations", "options"])]))
	evaluations_on(object.union(given, {"context": {"x": substring(long, 0, rest)}})).evaluations
	not evaluations_on(object.union(given, {"context": {"x": substring(long, 0, rest + 1)}})).evaluations
	item := object.union(items[0], {"context": {"x": long}})
	decisions(several([item], {})) == [true]
	evaluations_on(object.union(several([], {}), {"resource": items[0].resource, "context": {"x": long}})).decision
}

test_policies_of_subjects_are_looked_at_for_each_evaluation if {
	grant := {"scope": {"iam_project": "p1"}, "policies": many_of("things", 500)}
	identity := object.union(made.identity, {"subjects": {"u1": {"grants": [grant]}}})
	faulty := "the evaluations and the policies of their subjects are too many: ask in smaller batches"
	evaluations_with(several(many_of(items[0], 200), {}), identity).evaluations
	evaluations_with(several(many_of(items[0], 201), {}), identity).context.message == faulty
	own := many_of(asked("GET", "/v1/p1/things"), 201)
	evaluations_with(several(own, {}), identity).context.message == faulty

	# Each for its own subject, of which u2 has one.
	evaluations_with(several(after_200_of_u1("nobody"), {}), identity).evaluations
	evaluations_with(several(after_200_of_u1("u2"), {}), identity).context.message == faulty
}

after_200_of_u1(id) := array.concat(many_of(items[0], 200), [object.union(items[0], {"subject": {"id": id}})])

many_of(value, number) := [value | some _ in numbers.range(1, number)]

test_context_is_shared if {
	given := object.union(
		json.remove(several([items[0]], {}), ["/subject/properties"]),
		{"context": {"project_id": "p1"}},
	)
	decisions(given) == [true]
}

# What an evaluation says replaces the default as a whole.
test_defaults_are_not_merged if {
	decisions(several([object.union(items[0], {"subject": {"type": "user", "id": "u1"}})], {})) == [false]
	decisions(several([object.union(items[0], {"subject": null})], {})) == [false]
	decisions(several([object.union(items[0], {"subject": false})], {})) == [false]

	# What is no evaluation is none of what the request says by default.
	whole := object.union(asked("GET", "/v1/p1/things"), {"evaluations": [{}, "x", null, 1, []]})
	decisions(whole) == [true, false, false, false, false]
}

test_one_evaluation_where_none_are_listed if {
	evaluations_on(asked("GET", "/v1/p1/things")).decision
	evaluations_on(object.union(asked("GET", "/v1/p1/things"), {"evaluations": []})).decision
}

test_faulty_evaluations if {
	every given in [
		several("x", {}),
		several({"a": items[0]}, {}),
		several(null, {}),
		several(items, {"evaluations_semantic": "other"}),
		several(items, {"evaluations_semantic": false}),
	] {
		answer := evaluations_on(given)
		answer.decision == false
		answer.context.reason == "malformed_request"
		not answer.evaluations
	}
	evaluations_on(several("x", {})).context.message == "evaluations must be a list of at most 1,000"
	other := several(items, {"evaluations_semantic": "other"})
	evaluations_on(other).context.message == "options.evaluations_semantic must be one of the three"
}

test_any_input_is_answered if {
	every given in [null, 1, "x", [], {}, {"subject": 1, "action": [], "resource": "x"}] {
		evaluation_on(given).decision == false
		template_on(given).decision == false
		evaluations_on(given).decision == false
	}
}

test_batch_of_more_than_a_thousand_is_refused if {
	count(decisions(several(many_of(items[0], 1000), {}))) == 1000
	many := many_of({}, 1001)
	given := object.union(asked("GET", "/v1/p1/things"), {"evaluations": many})
	answer := data.scopegate.gateways.authzen.evaluations with input as given
	answer.context.reason == "malformed_request"
}
