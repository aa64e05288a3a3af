package scopegate.route_test

import data.scopegate_test as made

# Of a path that two services document.
reason_at(host, config) := decision.reason if {
	decision := made.configured(
		{
			"request": {"method": "GET", "path": "/v1/shared", "host": host},
			"subject": {"project_id": "p1", "grants": []},
		},
		config,
	)
}

prefixes := {"endpoint_prefixes": {"made": "made", "more": "other", "lost": "nothing"}}

test_host_counts_where_prefixes_are_configured if {
	every host in ["made.example.com", "MADE.example.com:443", "more.eu-de.example.com", "made", "made:80"] {
		reason_at(host, prefixes) == "action_not_granted"
	}
	reason_at("lost.example.com", prefixes) == "no_matching_route"
}

test_host_that_no_prefix_is_configured_for_names_no_service if {
	every host in ["example.com", "", ".made.example.com", "made-2.example.com", "x.made.example.com", "[::1]"] {
		reason_at(host, prefixes) == "ambiguous_service"
	}
	reason_at("made.example.com", {}) == "ambiguous_service"
}

test_faulty_configuration_names_no_service if {
	asked := {"request": {"host": "made.example.com"}}
	data.scopegate.route.service == "made" with input as asked with data.scopegate_config as prefixes
	faulty := object.union(prefixes, {"endpoint_prefixs": {}})
	not data.scopegate.route.service with input as asked with data.scopegate_config as faulty
}

test_service_that_is_named_comes_first if {
	asked := made.changed(made.question("GET", "/v1/shared", []), {"request": {"host": "lost.example.com"}})
	made.configured(asked, prefixes).reason == "action_not_granted"
}
