# METADATA
# title: AuthZEN
# description: |
#   The entry points of the OpenID AuthZEN Authorization API 1.0, for enforcement points that are trusted with what
#   they say of subject and resource.
package scopegate.gateways.authzen

import data.scopegate.gateways.shared

# METADATA
# title: An access evaluation
# description: An object, defined for every input.
# entrypoint: true
evaluation := _evaluation_of(_inquiry)

# METADATA
# title: An access evaluation of a route by its path template
# description: An object, defined for every input. The project is the subject's own, any other parameter is anything.
# entrypoint: true
template := _evaluation_of(object.union(_inquiry, {"question": {"request": {"path": _path_of_template}}}))

# METADATA
# title: Several access evaluations
# description: An object, defined for every input.
# entrypoint: true
evaluations := evaluation if not _has_evaluations

else := {"decision": false, "context": {"reason": "malformed_request", "message": _fault_of_batch}} if _fault_of_batch

else := {"evaluations": _answers}

_evaluation_of(these) := {
	"decision": verdict.allow,
	"context": object.remove(verdict, ["allow", "granted", "ineffective", "not_evaluated"]),
} if {
	verdict := shared.verdict(these)
}

# There are no headers to look at: a trusted point says what is to be decided, not what came.
_inquiry := {
	"question": {"request": _request, "subject": _subject, "resource": _resource},
	"header_names": set(),
	"faults": _faults,
}

_request.method := input.action.name

_request.path := input.resource.id

_request.service := _service

_request.provider := _provider

_request.body := input.context.body

_provider := name if name := input.resource.properties.provider

else := name if name := shared.configuration.provider

_service := name if name := input.resource.properties.service

else := name if name := shared.configuration.service

_resource.enterprise_project_id := input.resource.properties.enterprise_project_id

_subject.id := input.subject.id

# Both may say it, and not differ: then it is neither.
_subject[member] := value if {
	every _, values in _scopes {
		count(values) == 1
	}
	some member, values in _scopes
	some value in values
}

_scopes[member] contains value if {
	some place in array.concat([place | place := input.context], [place | place := input.subject.properties])
	some member in ["project_id", "domain_id"]
	value := place[member]
}

_faults contains "resource.type must be route" if not input.resource.type == "route"

default _path_of_template := ""

_path_of_template := concat("/", [_segment(segment) | some segment in split(input.resource.id, "/")]) if {
	is_string(input.resource.id)
}

_segment(segment) := replace(urlquery.encode(_subject.project_id), "+", "%20") if {
	regex.match(`^\{(?i:project|tenant)[_-]?(?i:id)\}$`, segment)
	is_string(_subject.project_id)
}

# No template has this as a literal.
else := "any-parameter-of-a-template" if regex.match("^\\{.*\\}$", segment)

else := segment

# As in a request for one evaluation.
_has_evaluations if input.evaluations != []

# What is shared is looked at for each evaluation.
_fault_of_batch := "evaluations must be a list of at most 1,000" if not _is_batch

else := "what the evaluations share must have at most 4,096 characters" if {
	count(sprintf("%v", [object.remove(input, ["evaluations", "options"])])) > 4096
}

else := "the evaluations and the policies of their subjects are too many: ask in smaller batches" if {
	sum([_number_of_policies(_with_defaults(item).subject.id) | some item in input.evaluations]) > 100000
}

else := "options.evaluations_semantic must be one of the three" if not _ending

_is_batch if {
	is_array(input.evaluations)
	count(input.evaluations) <= 1000
}

# What the identity bundle has for a subject is looked at for each evaluation, too.
_number_of_policies(id) := count([1 | some grant in grants; some _ in grant.policies]) if {
	# regal ignore:with-outside-test-context
	grants := data.scopegate.question.document.subject.grants with input as {"subject": {"id": id}}
}

# By semantic, the decisions that end a batch.
_ending := {
	"execute_all": set(),
	"deny_on_first_deny": {false},
	"permit_on_first_permit": {true},
}[_semantic]

_semantic := name if name := input.options.evaluations_semantic

else := "execute_all"

# Up to the first that ends the batch, which is in the last part that is looked at.
_answers := array.slice(answers, 0, min(ends) + 1) if {
	answers := [answer |
		some part in numbers.range(0, 39)
		not _is_ended_before(part)
		some answer in _answers_of_part(part)
	]
	ends := {position | some position, answer in answers; answer.decision in _ending} | {count(answers)}
}

_is_ended_before(part) if {
	some earlier in numbers.range(0, part - 1)
	earlier < part
	some answer in _answers_of_part(earlier)
	answer.decision in _ending
}

_answers_of_part(part) := [_answer_to(_with_defaults(item)) |
	some item in array.slice(input.evaluations, 25 * part, 25 * (part + 1))
]

# Once for each question, however often it is asked.
_answer_to(question) := answer if {
	# regal ignore:with-outside-test-context
	answer := evaluation with input as question
}

# What the request says of all its evaluations, where one of them does not say it itself.
_with_defaults(item) := {member: value |
	some member in ["subject", "action", "resource", "context"]
	value := _member_of(item, member)
} if {
	is_object(item)
}

else := {}

_member_of(item, member) := item[member] if member in object.keys(item)

else := input[member]
