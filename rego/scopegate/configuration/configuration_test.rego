package scopegate.configuration_test

import data.scopegate.gateways_test as made

reason_with(configuration) := answer.context.reason if {
	answer := data.scopegate.gateways.authzen.evaluation with input as question
		with data.scopegate.routes.template as made.template
		with data.scopegate.bundle as made.bundle
		with data.scopegate_identity as made.identity
		with data.scopegate_config as configuration
}

question := {
	"subject": {"type": "user", "id": "u1", "properties": {"project_id": "p1"}},
	"action": {"name": "GET"},
	"resource": {"type": "route", "id": "/v1/p1/things"},
}

is_plain(configuration) if {
	data.scopegate.schemas.plain_config(sprintf("%v", [[{"scopegate_config": configuration}]]))
}

full := {
	"identities": true,
	"routes": [
		{"methods": ["GET", "HEAD"], "path": "/healthz"},
		{"methods": ["OPTIONS"], "prefix": "/"},
	],
	"endpoint_prefixes": {"evs": "evs", "vpc": "eip"},
	"gateways": {
		"provider": "made",
		"shadow": false,
		"filtered_lists": false,
		"service": "evs",
		"services": {"volumes": "evs", "1": "ecs"},
		"envoy": {
			"namespace": "n",
			"payload": "p",
			"claims": {"id": ["user", "id"], "project_id": ["project", "id"], "domain_id": ["domain", "id"]},
			"headers": {"id": "a", "project_id": "b", "domain_id": "c"},
		},
		"apisix": {
			"labels": {"id": "a", "project_id": "b", "domain_id": "c"},
			"headers": {"id": "a"},
			"path_header": "x-request-uri",
		},
		"kong": {"headers": {"id": "a", "project_id": "b"}, "path_header": "x-request-uri"},
	},
}

test_configuration_in_order if {
	every configuration in [
		{},
		{"gateways": {}},
		{"gateways": {"envoy": {}, "apisix": {}, "kong": {}, "services": {}}, "routes": []},
		{"gateways": {"shadow": false}},
		object.remove(full, ["gateways"]),
	] {
		is_plain(configuration)
		reason_with(configuration) == "allowed"
	}
	is_plain(full)
	reason_with(json.remove(full, ["/gateways/envoy"])) == "allowed"
}

fault_of(configuration) := message if {
	message := data.scopegate.configuration.fault with data.scopegate_config as configuration
}

test_fault_names_the_member if {
	not fault_of(full)
	fault_of({"gatways": {}}) == "scopegate_config: Additional property gatways is not allowed"
	fault_of({"gateways": {"shadwo": true}}) == "scopegate_config.gateways: Additional property shadwo is not allowed"
	fault_of({"identities": "false"}) == "scopegate_config.identities: Invalid type. Expected: boolean, given: string"
}

test_every_entry_point_that_reports_a_fault_names_it if {
	configuration := {"gateways": {"shadwo": true}}
	answer := data.scopegate.gateways.authzen.evaluation with input as question
		with data.scopegate_config as configuration
	answer.context.message == fault_of(configuration)

	brought := {"request": {"method": "GET", "path": "/"}, "subject": {"project_id": "p1", "grants": []}}
	decision := data.scopegate.decision with input as brought with data.scopegate_config as configuration
	endswith(decision.message, concat("", ["; the configuration is at fault, ", fault_of(configuration)]))
}

# Strings with an escape go the long way.
test_configuration_that_is_not_plain if {
	configuration := {"gateways": {"services": {"a\"b": "evs"}}}
	not is_plain(configuration)
	reason_with(configuration) == "allowed"
	data.scopegate.configuration.is_in_order with data.scopegate_config as configuration
}

test_configuration_at_fault_closes_everything if {
	every configuration in [
		null,
		false,
		"x",
		[],
		{"shadow": true},
		{"gateways": null},
		{"gateways": {"shadow": "true"}},
		{"gateways": {"shadow": true, "unknown": 1}},
		{"gateways": {"service": ""}},
		{"gateways": {"service": ["evs"]}},
		{"gateways": {"services": {"a": 1}}},
		{"gateways": {"envoy": {"claims": {"project_id": ["p"]}}}},
		{"gateways": {"envoy": {"claims": {"id": []}}}},
		{"gateways": {"envoy": {"claims": {"id": "sub"}}}},
		{"gateways": {"envoy": {"headers": {"id": "a", "grants": "b"}}}},
		{"gateways": {"apisix": {"labels": "x"}}},
		{"gateways": {"kong": {"path_header": 1}}},
		{"gateways": {"filtered_lists": 1}},
		{"identities": "false"},
		{"routes": {}},
		{"routes": [{"path": "/"}]},
		{"routes": [{"methods": [], "path": "/"}]},
		{"routes": [{"methods": ["GET"], "path": "/", "prefix": "/"}]},
		{"routes": [{"methods": ["GET"]}]},
	] {
		not is_plain(configuration)
		reason_with(configuration) == "invalid_configuration"
	}
}
