package scopegate.route_test

import data.scopegate_test as made

listed_routes := {"routes": [
	{"methods": ["GET", "HEAD"], "path": "/healthz"},
	{"methods": ["OPTIONS"], "prefix": "/"},
	{"methods": ["GET", "DELETE"], "prefix": "/v1/internal/"},
	{"methods": ["GET"], "prefix": "/v1/shared"},
	{"methods": ["GET"], "prefix": "/v1/SHARED"},
	{"methods": ["GET"], "prefix": "/v1/shared.json"},
	{"methods": ["GET"], "prefix": "/V1/shared "},
	{"methods": ["HEAD"], "prefix": "/v1/p1"},
	{"methods": ["GET"], "prefix": "/v1/ "},
	{"methods": ["GET", "PATCH"], "path": "/v1/p1/things"},
	{"methods": ["GET"], "path": "/v1/p1/things/"},
	{"methods": ["GET"], "path": "nowhere"},
	{"methods": ["GET"], "prefix": "v1"},
]}

# What the operator lets through needs no subject.
is_let_through(method, path) if {
	decision := made.configured({"request": {"method": method, "path": path}}, listed_routes)
	decision.reason == "operator_route"
	decision.message == "the operator lets this route through, whoever calls"
	decision.allow
	decision.route == null
	decision.required == set()
}

test_listed_routes_are_let_through if {
	is_let_through("GET", "/healthz")
	is_let_through("GET", "/healthz?full=1")
	is_let_through("GET", "/%68ealthz")
	is_let_through("HEAD", "/healthz")
	is_let_through("OPTIONS", "/")
	is_let_through("OPTIONS", "/v1/p1/things")
	is_let_through("OPTIONS", "/v1/nowhere/")
	is_let_through("GET", "/v1/internal")
	is_let_through("GET", "/v1/internal/a/b")
	is_let_through("PATCH", "/v1/p1/things")
}

test_what_is_not_listed_is_not if {
	not is_let_through("POST", "/healthz")
	not is_let_through("get", "/healthz")
	not is_let_through("GET", "/healthz/")
	not is_let_through("GET", "/healthz/x")
	not is_let_through("GET", "/Healthz")
	not is_let_through("GET", "/v1/internals")
	not is_let_through("GET", "/v1/internal/../p1")
	not is_let_through("GET", "/v1/internal/..%2fp1")
	not is_let_through("OPTIONS", "//")
	not is_let_through("OPTIONS", "x")
	not is_let_through("GET", "/nowhere")
	not is_let_through("GET", "/v1")
	not is_let_through("GET", 1)
	not is_let_through(1, "/healthz")
	not is_let_through("GET", null)
}

test_what_a_server_may_read_as_documented_is_not if {
	not is_let_through("GET", "/v1/SHARED")
	not is_let_through("GET", "/v1/shared.json")
	not is_let_through("GET", "/V1/shared%20/")
	not is_let_through("GET", "/v1/shared/%20")
	not is_let_through("GET", "/v1/shared/.json")
	not is_let_through("GET", "/v1/%20/shared")
	not is_let_through("GET", "/v1/%20/shared/.x/")
	not is_let_through("GET", "/v1/%20/things/")
	is_let_through("GET", "/v1/shared.json/x")
	is_let_through("OPTIONS", "/v1/shared.json")
}

# Tables may spell a literal in two ways, each where something is documented or where nothing is.
test_either_spelling_may_be_the_documented_one if {
	not shared_is_let_through with data.scopegate.routes.template as lower_template
	not shared_is_let_through with data.scopegate.routes.template as upper_template
	shared_is_let_through with data.scopegate.routes.template as other_template
}

shared_is_let_through if {
	two := object.union(made.made_bundle, {"literals": {"made/made shared": {"Shared": ["/v1"]}}})
	data.scopegate.route.is_of_operator with input as {"request": {"method": "GET", "path": "/v1/SHARED"}}
		with data.scopegate_config as listed_routes
		with data.scopegate.bundle as two
}

lower_template(place) := {"GET": []} if place[2] == "shared"

upper_template(place) := {"GET": []} if place[2] == "Shared"

other_template(place) := {"GET": []} if place[2] == "other"

test_head_of_what_is_documented_for_get_is_not if {
	not is_let_through("HEAD", "/v1/p1/things")
	is_let_through("HEAD", "/v1/p1/nothing")
}

test_documented_routes_are_never_let_through if {
	not is_let_through("GET", "/v1/p1/things")
	not is_let_through("GET", "/v1/p1/things/")
	not is_let_through("GET", "/v1/shared")
	is_let_through("GET", "/v1/shared/x")
}

test_nothing_else_of_the_input_is_looked_at if {
	asked := {"request": {"method": "GET", "path": "/healthz", "query": 1}, "subject": 1}
	made.configured(asked, listed_routes).reason == "operator_route"
	made.decision_on(asked).reason == "malformed_request"
}

test_configuration_at_fault_lets_nothing_through if {
	asked := {"request": {"method": "GET", "path": "/admin"}, "subject": {"project_id": "p1"}}
	entry := {"methods": ["GET"], "path": "/admin"}
	made.configured(asked, {"routes": [entry]}).allow
	every routes in [
		[{"methods": ["GET"], "prefix": ""}],
		[{"methods": ["GET"], "path": 7, "prefix": "/"}],
		[{"methods": "GET", "path": "/admin"}],
		[entry, 1],
		{"a": {"methods": {"x": "GET"}, "path": "/admin"}},
	] {
		not made.configured(asked, {"routes": routes}).allow
	}
	not made.configured(asked, {"routes": [entry], "identites": true}).allow
}
