package scopegate

import data.scopegate.evaluation
import data.scopegate.path
import data.scopegate.question
import data.scopegate.route

# What a person is told; nothing else may read it.

_message("operator_route") := "the operator lets this route through, whoever calls"

_message("malformed_request") := path.fault

_message("ambiguous_service") := concat(" ", [
	"several services document this path, and request.service names none:",
	concat(", ", object.keys(route.services)),
])

_message("no_matching_route") := _no_route

_message("project_mismatch") := "the project in the path is not that of the token"

_message("account_owner") := "the account itself may call everything"

_message("no_authorization_required") := "this route requires no authorization"

_message("explicitly_denied") := concat(" ", [_listed(evaluation.denied), "denied"])

_message("allowed") := "every required action is granted"

_message("enterprise_project_required") := concat(" ", [
	_listed(evaluation.missing),
	"granted in an enterprise project, and the request names none:",
	concat(", ", evaluation.enterprise_projects_to_name),
])

_message("scope_unsupported") := concat(" ", [
	_listed(evaluation.missing),
	"granted only where it does not count for this route",
])

_message("action_not_granted") := concat("", [
	_listed(evaluation.missing),
	" not granted in ",
	concat(" or ", _places),
	_whose_grants_are_unknown,
])

_whose_grants_are_unknown := concat("", ["; subject ", input.subject.id, " is not known"]) if {
	question.is_known_by_id
	not question.is_known
}

else := "; the request names no subject" if {
	question.identities_are_configured
	not input.subject.id
}

else := ""

_listed(actions) := concat(" ", [concat(", ", actions), "is"]) if count(actions) == 1

else := concat(" ", [concat(", ", actions), "are"])

_places contains concat(" ", ["IAM project", input.subject.project_id])

_places contains concat(" ", ["domain", input.subject.domain_id])

# Only what the asker knows already: which enterprise project a resource is of is not for everybody.
_places contains concat(" ", ["enterprise project", evaluation.enterprise_project]) if {
	route.counts_in_enterprise_project
	not evaluation.enterprise_project_of_path
}

_places contains "the enterprise project of the resource" if {
	route.counts_in_enterprise_project
	evaluation.enterprise_project_of_path
}

_no_route := concat(" ", ["the methods documented for this path are", concat(", ", object.keys(route.methods))]) if {
	route.methods
}

else := concat(" ", ["no documented route of service", input.request.service, "has this path"]) if {
	input.request.service
}

else := "no documented route has this path"
