package system.authz

# Nobody may change what this OPA decides by, and whatever is not in `calls` is refused.
default allow := false

allow if {
	some role in roles
	array.concat([input.method], input.path) in calls[role]

	# OPA's other parameters show how it was decided, cost time, or turn a decision into an error.
	every parameter, _ in input.params {
		parameter in {"bundles", "plugins", "pretty"}
	}
}

# The method and the path of what each role may call. Take out the entry points that you do not use.
calls := {
	"anyone": {["GET", "health"]},
	"client": {
		["POST", "v0", "data", "scopegate", "gateways", "authzen", "evaluation"],
		["POST", "v0", "data", "scopegate", "gateways", "authzen", "evaluations"],
		["POST", "v0", "data", "scopegate", "gateways", "authzen", "template"],
		["POST", "v1", "data", "scopegate", "allow"],
		["POST", "v1", "data", "scopegate", "decision"],
		["POST", "v1", "data", "scopegate", "gateways", "apisix", "answer"],
		["POST", "v1", "data", "scopegate", "gateways", "kong", "answer"],
	},
	"metrics": {["GET", "metrics"]},
	"operator": {
		["GET", "metrics"],
		["GET", "v1", "status"],
	},
}

roles contains "anyone"

# Hashes, not tokens: who reads them can't use them, and looking one up takes no longer the nearer a guess is.
# regal ignore:unresolved-reference
roles contains data.system.tokens[hash]

hash := crypto.sha256(input.identity)

# Not every gateway can send a token: a caller without one has the role of "", where the file has that.
hash := "" if not input.identity
