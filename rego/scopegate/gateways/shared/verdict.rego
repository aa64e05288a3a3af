package scopegate.gateways.shared

# METADATA
# title: What becomes of a request
# description: |
#   The decision, but for what only a gateway can tell: it asks with a question, the names of the request's headers, and
#   the faults that it sees.
verdict(inquiry) := _refusal("invalid_configuration", data.scopegate.configuration.fault) if {
	not data.scopegate.configuration.is_in_order
}

else := _refusal("malformed_request", min(inquiry.faults)) if count(inquiry.faults) > 0

else := _refusal("overridden_request", "a header asks for another method or path than the request line") if {
	_is_overriding(inquiry.header_names)
}

else := _refusal("malformed_request", "request.path is malformed: it holds an escaped `?` or `#`") if {
	_hides_a_query(inquiry.question.request.path)
}

else := _reconsideration(inquiry.question, _decision_on(inquiry.question))

# The core is asked also where nobody is known to ask: the operator's routes are for everyone.
_decision_on(question) := decision if {
	# regal ignore:with-outside-test-context
	decision := data.scopegate.decision with input as question
}

# Proxies that hand on what they decoded end the path there, and the next server sees another route.
_hides_a_query(path) if {
	is_string(path)
	regex.match(`^[^?]*%(?:3[Ff]|23)`, path)
}

_reconsideration(question, decision) := decision if decision.reason == "operator_route"

else := _denial(decision, "unauthenticated", "no verified identity: an id, and exactly one of project and domain") if {
	not _is_authenticated(question)
}

else := _denial(decision, "near_literal", concat(" ", ["a server may read the path as one with", literal])) if {
	literal := _near_literal(question, decision.route)
}

# Whoever lets such an answer pass unfiltered shows resources that the caller was granted nothing on.
else := _denial(decision, "filter_required", "the answer must be filtered, and nothing is configured to do it") if {
	decision.allow
	decision.enterprise_projects != null
	not configuration.filtered_lists
}

else := decision

# Undefined where nothing in the path can be read in two ways, as in most.
_near_literal(question, documented) := literal if {
	is_string(question.request.path)
	_may_be_read_otherwise(question.request.path, documented)

	# regal ignore:with-outside-test-context
	literal := data.scopegate.route.near_literal with input as question
}

_may_be_read_otherwise(path, _) if not regex.match(`^[a-z0-9_/-]*(?:\?|$)`, path)

# A value in small letters has one reading, but tables have literals with capitals.
_may_be_read_otherwise(path, documented) if {
	api := concat("/", [documented.provider, documented.service])
	some segment in split(split(path, "?")[0], "/")
	some literal, _ in data.scopegate.bundle.literals[concat(" ", [api, segment])]
	literal != segment
}

_is_authenticated(question) if {
	is_string(question.subject.id)
	question.subject.id != ""
	_has_one_scope(question.subject)
}

_has_one_scope(subject) if {
	subject.project_id
	not subject.domain_id
}

_has_one_scope(subject) if {
	subject.domain_id
	not subject.project_id
}

_denial(decision, reason, message) := object.union(decision, {"allow": false, "reason": reason, "message": message})

_refusal(reason, message) := {
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
_is_overriding(names) if regex.match(_overriding, regex.replace(lower(concat("\n", names)), `[^a-z0-9\n]`, "-"))

_overriding := concat("", [
	`(?m)^(?:x-(?:http-)?method|(?:x-)?(?:http-)?(?:(?:method|path|ur[il])-override|script-name|path-info|`,
	`request-(?:method|path|ur[il])|`,
	`(?:original|rewrite|override|waws-unencoded)-(?:http-)?(?:request-)?(?:method|path|ur[il])))$`,
])

# METADATA
# title: Whether the request may pass
# description: In shadow mode everything passes, once it is sure that this is what the operator wants.
is_let_through(decision) if decision.allow

else if {
	configuration.shadow
	decision.reason != "invalid_configuration"
}

# METADATA
# title: What the decision log gets to see
# description: All that a decision says, less the places where the caller has grants.
log_entry(decision) := object.remove(decision, ["ineffective"])
