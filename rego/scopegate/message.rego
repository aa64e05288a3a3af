package scopegate

import data.scopegate.evaluation
import data.scopegate.path
import data.scopegate.question
import data.scopegate.route

# What a person is told; nothing else may read it. OPA has an index for the comparison, and none for a literal argument.

_message(reason, _) := "the operator lets this route through, whoever calls" if reason == "operator_route"

_message(reason, _) := path.fault if reason == "malformed_request"

_message(reason, _) := concat(" ", [
	"several services document this path, and request.service and request.provider leave more than one:",
	_list(object.keys(route.apis)),
]) if {
	reason == "ambiguous_service"
}

_message(reason, _) := _no_route if reason == "no_matching_route"

_message(reason, _) := "the project in the path is not that of the token" if reason == "project_mismatch"

_message(reason, _) := "the account itself may call everything" if reason == "account_owner"

_message(reason, _) := "what this route requires depends on the body, and request.body is not given" if {
	reason == "body_required"
}

_message(reason, _) := "this route requires no authorization" if reason == "no_authorization_required"

_message(reason, _) := concat(" ", [_in_words(evaluation.denied), "denied"]) if reason == "explicitly_denied"

_message(reason, _) := "every required action is granted" if reason == "allowed"

_message(reason, missing) := concat(" ", [
	_in_words(missing),
	"granted in an enterprise project, and the request names none:",
	_list(evaluation.enterprise_projects_to_name),
]) if {
	reason == "enterprise_project_required"
}

_message(reason, missing) := concat(" ", [
	_in_words(missing),
	"granted only where it does not count for this route",
]) if {
	reason == "scope_unsupported"
}

_message(reason, missing) := concat("", [
	_in_words(missing),
	" not granted in ",
	_place_of_token,
	_place_of_resource,
	_whose_grants_are_unknown,
]) if {
	reason == "action_not_granted"
}

_place_of_token := concat(" ", ["IAM project", id]) if id := input.subject.project_id

else := concat(" ", ["domain", input.subject.domain_id])

# Only what the asker knows already: which enterprise project a resource is of is not for everybody.
_place_of_resource := "" if not route.counts_in_enterprise_project

else := " or the enterprise project of the resource" if evaluation.enterprise_project_of_path

else := concat(" ", [" or enterprise project", evaluation.enterprise_project]) if evaluation.enterprise_project

else := ""

_whose_grants_are_unknown := "" if some "grants", _ in input.subject

else := concat("", ["; subject ", input.subject.id, " is not known"]) if {
	question.is_known_by_id
	not question.is_known
}

else := "; the request names no subject" if {
	question.identities_are_configured
	not input.subject.id
}

else := ""

_in_words(actions) := concat(" ", [_list(actions), "is"]) if count(actions) == 1

else := concat(" ", [_list(actions), "are"])

# WebAssembly has no order of its own for what is in a set.
_list(names) := concat(", ", sort(names))

_no_route := concat(" ", ["the methods documented for this path are", _list(object.keys(route.methods))]) if {
	route.methods
}

else := concat(" ", ["no documented route of service", route.service, "has this path"]) if route.service

else := "no documented route has this path"
