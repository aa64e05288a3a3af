package scopegate_test

# What the tests have in common: a made service, a subject, and the decision on them.

# Routes of rows of every kind, also of those that the committed tables have none of.
made_template(["made/made", "v1", _, "things"]) := {
	"GET": ["/v1/made", ["made:things:list"], "iam_project, enterprise_projects", [1]],
	"POST": ["/v1/made", ["made:parts:get", "made:things:create"], everything, [1]],
}

made_template(["made/made", "v1", "domain"]) := {"GET": ["/v1/made", ["made:things:get"], "enterprise_project", []]}

made_template(["made/made", "v1", "elsewhere"]) := {"GET": ["/v1/made", ["made:things:get"], "iam_project", []]}

made_template(["made/made", "v1", "things", _]) := {"GET": [
	"/v1/things/{thing_id}",
	["made:things:get"],
	everything,
	[],
]}

made_template(["made/made", "v1", "things", _, "keys", _]) := {"GET": [
	"/v1/things/{thing_id}/keys/{key}",
	["made:things:get"],
	everything,
	[],
]}

made_template(["made/made", "v1", "things", _, "parts"]) := {"GET": [
	"/v1/things/{thing_id}/parts",
	["made:things:get"],
	"iam_project, enterprise_projects",
	[],
]}

made_template(["made/made", "v1", "things", _, "parts", _]) := {"GET": [
	"/v1/things/{thing_id}/parts/{part_id}",
	["made:things:get"],
	everything,
	[],
]}

made_template(["made/made", "v1", "open"]) := {"GET": ["/v1/made", [], everything, []]}

made_template(["made/made", "v1", "things", _, "action"]) := {
	"POST": [
		"/v1/action",
		["made:things:pause", "made:things:start", "made:things:stop", "made:things:tag"],
		"iam_project",
		[],
		{
			"body.start": [["body", "start"], ["made:things:start"], everything],
			"body.stop": [["body", "stop"], ["made:things:stop"], "iam_project"],
			"body.tags=create": [["body", "tags", "create"], ["made:things:tag"], everything],
			"query.type=pause": [["query", "type", "pause"], ["made:things:pause"], everything],
		},
	],
	"GET": [
		"/v1/action",
		["made:things:get", "made:things:list"],
		everything,
		[],
		{
			"query.type=a": [["query", "type", "a"], ["made:things:list"], everything],
			"query.type=b": [["query", "type", "b"], [], everything],
		},
	],
}

made_template(["made/made", "v1", "pattern"]) := {"GET": ["/v1/made", ["vpc:*:get*"], everything, []]}

made_template([_, "v1", "shared"]) := {"GET": ["/v1/made", ["made:things:get"], everything, []]}

everything := "iam_project, enterprise_project"

# Of the data.json that the build adds.
made_bundle := {
	"revision": "r1",
	"apis": {"made": {"made": "made/made"}, "other": {"made": "made/other"}},
	"literals": {
		"made/made detail": {"detail": ["/v1/things"], "Detail": ["/v1/things/{}/keys"]},
		"made/made keys": {"keys": ["/v1/things/{}"]},
		"made/made shared": {"shared": ["/v1"]},
		"made/made things": {"things": ["/v1", "/v1/{}"]},
		"made/made v1": {"v1": [""]},
		"made/made v2.1": {"v2.1": ["/v1/things"]},
	},
	"routes": {path: {"row": 1, "provider": "made", "service": "made", "path": path} | some path in {
		"/v1/made",
		"/v1/things/{thing_id}",
		"/v1/things/{thing_id}/keys/{key}",
		"/v1/things/{thing_id}/parts",
		"/v1/things/{thing_id}/parts/{part_id}",
		"/v1/action",
		"/v1/action body.start",
		"/v1/action body.stop",
		"/v1/action body.tags=create",
		"/v1/action query.type=pause",
		"/v1/action query.type=a",
		"/v1/action query.type=b",
	}},
}

decision_on(question) := decision if {
	decision := data.scopegate.decision with input as question
		with data.scopegate.routes.template as made_template
		with data.scopegate.bundle as made_bundle
}

# A question about a route of the made service, with a token of project p1.
question(method, path, grants) := {
	"request": {"method": method, "path": path, "service": "made"},
	"subject": {"project_id": "p1", "grants": grants},
}

allow(scope, actions) := {
	"scope": scope,
	"policies": [{"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": actions}]}],
}

deny(scope, actions) := {
	"scope": scope,
	"policies": [{"Version": "1.1", "Statement": [{"Effect": "Deny", "Action": actions}]}],
}

in_project := {"iam_project": "p1"}

in_enterprise_project(id) := {"enterprise_project": id}

everywhere := {"all_resources": true}

# The same question with members added to it, replacing what is there.
changed(asked, changes) := object.union(asked, changes)

# As where the operator loaded an identity bundle and this configuration.
configured(asked, config) := decision if {
	decision := decision_on(asked) with data.scopegate_identity as made_identity
		with data.scopegate_config as config
}

made_identity := {
	"subjects": {
		"u1": {"groups": ["g1", "g2"], "grants": [{"scope": in_project, "policies": ["parts"]}]},
		"owner": {"account_owner": true},
		"nobody": {},
		"lost-group": {"groups": ["g1", "g2", "lost"]},
		"lost-policy": {"groups": ["g1", "g2"], "grants": [{"scope": everywhere, "policies": ["lost"]}]},
		"no-list": {"groups": "g1"},
		"no-object": 1,
		"no-policies": {"grants": [{"scope": everywhere}]},
		"no-boolean": {"account_owner": "yes"},
		"misspelt": {"grants": [{"scope": everywhere, "policies": ["misspelt"]}]},
	},
	"groups": {
		"g1": {"grants": [{"scope": in_project, "policies": ["things"]}]},
		"g2": {"grants": []},
	},
	"policies": {
		"things": {
			"name": "custom_things",
			"catalog": "CUSTOMED",
			"display_name": "Things",
			"Version": "1.1",
			"Statement": [{"Effect": "Allow", "Action": ["made:things:*"]}],
		},
		"parts": {"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["made:parts:*"]}]},
		"misspelt": {"Version": "1.1", "Statement": [{"Effect": "deny", "Action": ["*"]}]},
	},
	"resource_parameters": ["part_id", "thing_id"],
	"enterprise_projects": {"thing_id": {"t1": "e1", "t2": "e2", "t3": 3}, "part_id": {"q1": "e1"}},
}
