package scopegate

# What a person is told; nothing else may read it.

message("operator_route") := "the operator lets this route through, whoever calls"

message("malformed_request") := concat(" ", ["in the identity bundle,", fault]) if {
	is_known_by_id
	startswith(fault, "subject.grants")
}

else := fault

message("ambiguous_service") := concat(" ", [
	"several services document this path, and request.service names none:",
	concat(", ", object.keys(templates)),
])

message("no_matching_route") := no_route

message("project_mismatch") := "the project in the path is not that of the token"

message("account_owner") := "the account itself may call everything"

message("no_authorization_required") := "this route requires no authorization"

message("explicitly_denied") := concat(" ", [listed(denied), "denied"])

message("allowed") := "every required action is granted"

message("enterprise_project_required") := concat(" ", [
	listed(missing),
	"granted in an enterprise project, and the request names none:",
	concat(", ", enterprise_projects_to_name),
])

message("scope_unsupported") := concat(" ", [listed(missing), "granted only where it does not count for this route"])

message("action_not_granted") := concat("", [
	listed(missing),
	" not granted in ",
	concat(" or ", places),
	whose_grants_are_unknown,
])

whose_grants_are_unknown := concat("", ["; subject ", input.subject.id, " is not known"]) if {
	is_known_by_id
	not subject_record
}

else := "; the request names no subject" if {
	identities_are_configured
	not input.subject.id
}

else := ""

listed(actions) := concat(" ", [concat(", ", actions), "is"]) if count(actions) == 1

else := concat(" ", [concat(", ", actions), "are"])

places contains concat(" ", ["IAM project", input.subject.project_id])

places contains concat(" ", ["domain", input.subject.domain_id])

# Only what the asker knows already: which enterprise project a resource is of is not for everybody.
places contains concat(" ", ["enterprise project", enterprise_project]) if {
	requirement.enterprise_project == "supported"
	not enterprise_project_of_path
}

places contains "the enterprise project of the resource" if {
	requirement.enterprise_project == "supported"
	enterprise_project_of_path
}

no_route := concat(" ", ["the methods documented for this path are", concat(", ", object.keys(template))]) if template

else := concat(" ", ["no documented route of service", input.request.service, "has this path"]) if {
	input.request.service
}

else := "no documented route has this path"
