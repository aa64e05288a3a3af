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
evaluation := evaluation_of(asked)

# METADATA
# title: An access evaluation of a route by its path template
# description: An object, defined for every input. The project is the subject's own, any other parameter is anything.
# entrypoint: true
template := evaluation_of(object.union(asked, {"question": {"request": {"path": path_of_template}}}))

# METADATA
# title: Several access evaluations
# description: An object, defined for every input.
# entrypoint: true
evaluations := evaluation if not names_evaluations

else := {"evaluations": wanted} if wanted

else := {"decision": false, "context": {
	"reason": "malformed_request",
	"message": "evaluations must be a list of at most 1,000, and options.evaluations_semantic one of the three",
}}

evaluation_of(these) := {
	"decision": verdict.allow,
	"context": object.remove(verdict, ["allow", "granted", "ineffective", "not_evaluated"]),
} if {
	verdict := shared.verdict(these)
}

# There are no headers to look at: a trusted point says what is to be decided, not what came.
asked := {
	"question": {"request": request, "subject": subject, "resource": resource},
	"header_names": set(),
	"faults": faults,
}

request.method := input.action.name

request.path := input.resource.id

request.service := service

service := name if name := input.resource.properties.service

else := name if name := shared.configuration.service

resource.enterprise_project_id := input.resource.properties.enterprise_project_id

subject.id := input.subject.id

# Both may say it, and not differ: then it is neither.
subject[member] := value if {
	every _, values in scopes {
		count(values) == 1
	}
	some member, values in scopes
	some value in values
}

scopes[member] contains value if {
	some place in array.concat([place | place := input.context], [place | place := input.subject.properties])
	some member in ["project_id", "domain_id"]
	value := place[member]
}

faults contains "resource.type must be route" if not input.resource.type == "route"

default path_of_template := ""

path_of_template := concat("/", [filled(segment) | some segment in split(input.resource.id, "/")]) if {
	is_string(input.resource.id)
}

filled(segment) := replace(urlquery.encode(subject.project_id), "+", "%20") if {
	regex.match(`^\{(?i:project|tenant)[_-]?(?i:id)\}$`, segment)
	is_string(subject.project_id)
}

# No template has this as a literal.
else := "any-parameter-of-a-template" if regex.match("^\\{.*\\}$", segment)

else := segment

# As in a request for one evaluation.
names_evaluations if input.evaluations != []

wanted := evaluated if semantic == "execute_all"

wanted := until(false, evaluated) if semantic == "deny_on_first_deny"

wanted := until(true, evaluated) if semantic == "permit_on_first_permit"

semantic := name if name := input.options.evaluations_semantic

else := "execute_all"

until(decision, answers) := array.slice(answers, 0, min(positions) + 1) if {
	positions := [position | some position, each in answers; each.decision == decision]
	count(positions) > 0
}

else := answers

evaluated := [evaluation_with(each) | some each in input.evaluations] if {
	is_array(input.evaluations)
	count(input.evaluations) <= 1000
}

evaluation_with(item) := given if {
	# regal ignore:with-outside-test-context
	given := evaluation with input as with_defaults(item)
}

# What the request says of all its evaluations, where one of them does not say it itself.
with_defaults(item) := {member: value |
	some member in ["subject", "action", "resource", "context"]
	value := member_of(item, member)
} if {
	is_object(item)
}

else := {}

member_of(item, member) := item[member] if member in object.keys(item)

else := input[member]
