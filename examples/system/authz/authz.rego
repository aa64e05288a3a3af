package system.authz

# Whoever reaches this OPA may ask it, and look whether it is well. Nobody may change what it decides by.
default allow := false

allow if {
	input.method == "POST"
	input.path in {["v1", "data", "scopegate", "decision"], ["v1", "data", "scopegate", "allow"]}

	# OPA's other parameters show how it was decided, cost time, or turn a decision into an error.
	every parameter, _ in input.params {
		parameter in {"pretty", "metrics"}
	}
}

allow if {
	input.method == "GET"
	input.path in {["health"], ["metrics"], ["v1", "status"]}
}
