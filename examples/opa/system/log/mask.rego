package system.log

# A question is full of what is somebody's, in each gateway's form in another place: none of it is logged.
# `decision_id`, which the answer has as well, tells in the log of whoever asked what it was about.
mask contains "/input"

mask contains {"op": "upsert", "path": "/result", "value": kept} if not is_boolean(input.result)

default kept := null

kept := decision(input.result) if input.path == "scopegate/decision"

# Gateways are answered in their own words, with the decision beside them.
else := object.union(object.filter(input.result, {"allow", "allowed"}), beside) if {
	endswith(input.path, "/answer")
	beside := {"decision": decision(input.result.decision)}
}

else := {"evaluations": [evaluation(each) | some each in input.result.evaluations]} if {
	input.path == "scopegate/gateways/authzen/evaluations"
	input.result.evaluations
}

else := evaluation(input.result) if startswith(input.path, "scopegate/gateways/authzen/")

evaluation(told) := {"decision": told.decision, "context": decision(told.context)} if is_boolean(told.decision)

# What comes from the tables. `message` names projects; where grants don't count, and what a list must be
# filtered by, names the places where the caller has some.
decision(told) := object.filter(told, {
	"allow",
	"denied",
	"granted",
	"missing",
	"not_evaluated",
	"reason",
	"required",
	"revision",
	"route",
})
