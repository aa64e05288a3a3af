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

bundle := {"revision": "r1", "services": ["evs"]}

template("evs", ["v1", _, "things"]) := {
	"GET": requirement(["made:things:list"], true),
	"POST": requirement(["made:things:create", "made:parts:get"], false),
}

template("evs", ["v1", _, "things", _]) := {"GET": requirement(["made:things:get"], false)}

requirement(actions, lists) := json.marshal({
	"route": {"row": 1, "service": "evs"},
	"actions": actions,
	"iam_project": "supported",
	"enterprise_project": "supported",
	"list": lists,
	"projects": [1],
})
