package scopegate.gateways.shared

# What becomes of a request: the decision, but for what only a gateway can tell. It asks with a question, the names of
# the request's headers, and what it found faulty.

verdict(asked) := refused("invalid_configuration", "the configuration does not satisfy rego/schemas/config.json") if {
	not data.scopegate.configuration.is_in_order
}

else := refused("malformed_request", min(asked.faults)) if count(asked.faults) > 0

else := refused("overridden_request", "a header asks for another method or path than the request line") if {
	is_overriding(asked.header_names)
}

else := refused("malformed_request", "request.path is malformed: it holds an escaped `?` or `#`") if {
	hides_a_query(asked.question.request.path)
}

else := reconsidered(asked.question, decision_on(asked.question))

# The core is asked also where nobody is known to ask: the operator's routes are for everyone.
decision_on(question) := decision if {
	# regal ignore:with-outside-test-context
	decision := data.scopegate.decision with input as question
}

# Proxies that hand on what they decoded end the path there, and the next server sees another route.
hides_a_query(path) if {
	is_string(path)
	regex.match(`^[^?]*%(?:3[Ff]|23)`, path)
}

reconsidered(question, decision) := decision if decision.reason == "operator_route"

else := closed(decision, "unauthenticated", "no verified identity: an id, and exactly one of project and domain") if {
	not is_authenticated(question.subject)
}

# Whoever lets such an answer pass unfiltered shows resources that the caller was granted nothing on.
else := closed(decision, "filter_required", "the answer must be filtered, and nothing is configured to do it") if {
	decision.allow
	decision.enterprise_projects != null
	not configuration.filtered_lists
}

else := decision

is_authenticated(subject) if {
	is_string(subject.id)
	subject.id != ""
	has_one_scope(subject)
}

has_one_scope(subject) if {
	subject.project_id
	not subject.domain_id
}

has_one_scope(subject) if {
	subject.domain_id
	not subject.project_id
}

closed(decision, reason, message) := object.union(decision, {"allow": false, "reason": reason, "message": message})

refused(reason, message) := {
	"allow": false,
	"reason": reason,
	"message": message,
	"route": null,
	"required": set(),
	"granted": set(),
	"missing": set(),
	"denied": set(),
	"enterprise_projects": null,
	"not_evaluated": set(),
	"revision": data.scopegate.revision,
}

# A server that obeys such a header serves another request than the one that was decided. Servers that hand headers
# on as variables make no difference between `-`, `_` and `.`.
is_overriding(names) if regex.match(overriding, regex.replace(lower(concat("\n", names)), `[^a-z0-9\n]`, "-"))

overriding := concat("", [
	`(?m)^(?:x-(?:http-)?method|(?:x-)?(?:http-)?(?:(?:method|path|ur[il])-override|`,
	`(?:original|rewrite|override|waws-unencoded)-(?:http-)?(?:request-)?(?:method|path|ur[il])))$`,
])

# In shadow mode everything passes, once it is sure that this is what the operator wants.
is_let_through(given) if given.allow

else if {
	configuration.shadow
	given.reason != "invalid_configuration"
}

# For the decision log: all that a decision says, less the places where the caller has grants.
logged(given) := object.remove(given, ["ineffective"])
