package scopegate.gateways_test

# What the tests of the gateways have in common: who is known, and the bundle of one made service.

identity := {
	"subjects": {
		"u1": {"grants": [{"scope": {"iam_project": "p1"}, "policies": ["things"]}]},
		"u2": {"grants": [{"scope": {"enterprise_project": "e,1"}, "policies": ["things"]}]},
		"u3": {"grants": [{"scope": {"iam_project": "p1"}, "policies": ["nothing"]}]},
	},
	"groups": {},
	"policies": {
		"things": {"Version": "1.1", "Statement": [{"Effect": "Allow", "Action": ["made:things:*"]}]},
		"nothing": {"Version": "1.1", "Statement": [{"Effect": "Deny", "Action": ["*"]}]},
	},
}

bundle := {
	"revision": "r1",
	"apis": {"evs": {"made": "made/evs"}},
	"routes": {
		"made": {"row": 1, "provider": "made", "service": "evs", "path": "/v1/{project_id}/things"},
		"made thing": {"row": 2, "provider": "made", "service": "evs", "path": "/v1/{project_id}/things/{thing_id}"},
	},
	"literals": {
		"made/evs detail": {"detail": ["/v1/{}/things"]},
		"made/evs summary": {"Summary": ["/v1/{}/things"]},
	},
}

template(["made/evs", "v1", _, "things"]) := {
	"GET": ["made", ["made:things:list"], "iam_project, enterprise_projects", [1]],
	"POST": ["made", ["made:parts:get", "made:things:create"], "iam_project, enterprise_project", [1]],
}

template(["made/evs", "v1", _, "things", _]) := {"GET": [
	"made thing",
	["made:things:get"],
	"iam_project, enterprise_project",
	[1],
]}
