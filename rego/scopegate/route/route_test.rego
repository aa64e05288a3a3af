package scopegate.route_test

import data.scopegate_test as made

requirement(key) := requirement if {
	requirement := data.scopegate.route.requirement_of(key) with data.scopegate.routes.template as keyed_template
}

keyed_template(["made/made", "v1", "things"]) := {"GET": [
	"made/made GET /v1/things",
	["made:things:list"],
	"iam_project",
	[],
]}

keyed_template(["made/made", "v1", "things", _]) := {
	"GET": ["made/made GET /v1/things/{thing_id}", [], made.everything, []],
	"PUT": ["made/made PUT /{version}/things/{thing_id}", [], made.everything, []],
	"POST": ["made/made POST /v1/things/{thing_id}", ["made:things:get"], made.everything, [], {"body.stop": [
		["body", "stop"],
		["made:things:stop"],
		"iam_project",
	]}],
}

test_requirement_by_key if {
	requirement("made/made GET /v1/things") == {"actions": ["made:things:list"], "scopes": ["iam_project"]}
	requirement("made/made GET /v1/things/{thing_id}") == {
		"actions": [],
		"scopes": ["iam_project", "enterprise_project"],
	}
}

test_requirement_by_key_of_a_case if {
	requirement("made/made POST /v1/things/{thing_id}").actions == ["made:things:get"]
	requirement("made/made POST /v1/things/{thing_id} body.stop") == {
		"actions": ["made:things:stop"],
		"scopes": ["iam_project"],
	}
}

test_what_is_no_key_requires_nothing if {
	every key in [
		"",
		"made/made",
		"made/made GET /v1/nothing",
		"made/made POST /v1/things",
		"made/made PUT /v1/things/{thing_id}",
		"made/made POST /v1/things/{thing_id} body.start",
		"made/made POST /v1/things/{thing_id} body.stop more",
		"made/made GET /v1/things body.stop",
	] {
		not requirement(key)
	}
}
