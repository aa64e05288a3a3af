package system.authz

# Whoever reaches this OPA may ask it, and look whether it is well. Nobody may change what it decides by.
default allow := false

allow if {
	input.method == "POST"
	input.path in {["v1", "data", "scopegate", "decision"], ["v1", "data", "scopegate", "allow"]}
}

allow if {
	input.method == "GET"
	input.path in {["health"], ["metrics"], ["v1", "status"]}
}
