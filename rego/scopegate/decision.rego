# METADATA
# title: Decision
# description: |
#   May this subject, with these grants, call this route on this resource?
#   docs/decisions.md says what each member and each reason means.
# scope: subpackages
# schemas:
#   - input: schema.input
package scopegate

# METADATA
# title: The decision as a boolean
# entrypoint: true
allow := decision.allow

# METADATA
# title: The whole decision
# description: An object, defined for every input.
# entrypoint: true
decision := {
	"allow": reason_before_grants in {"operator_route", "account_owner", "no_authorization_required"},
	"reason": reason_before_grants,
	"message": message(reason_before_grants),
	"route": route,
	"required": required,
	"granted": set(),
	"missing": set(),
	"denied": set(),
	"ineffective": set(),
	"enterprise_projects": null,
	"not_evaluated": set(),
	"revision": revision,
} if {
	reason_before_grants
}

# Most of what is allowed is allowed at IAM-project level alone, and then nothing else needs a look.
else := {
	"allow": true,
	"reason": "allowed",
	"message": message("allowed"),
	"route": requirement.route,
	"required": required,
	"granted": required,
	"missing": set(),
	"denied": set(),
	"ineffective": set(),
	"enterprise_projects": null,
	"not_evaluated": set(),
	"revision": revision,
} if {
	is_ordinary
	granted_by_project == required
}

else := {
	"allow": reason == "allowed",
	"reason": reason,
	"message": message(reason),
	"route": requirement.route,
	"required": required,
	"granted": granted,
	"missing": missing,
	"denied": denied,
	"ineffective": ineffective,
	"enterprise_projects": enterprise_projects,
	"not_evaluated": not_evaluated,
	"revision": revision,
}

# The closed list of reasons, in the order in which they are looked for. First those that need no grants.
reason_before_grants := "operator_route" if is_operator_route

else := "malformed_request" if not is_well_formed

else := "ambiguous_service" if {
	not input.request.service
	count(templates) > 1
}

else := "no_matching_route" if not requirement

else := "project_mismatch" if {
	some position in requirement.projects
	segments[position] != object.get(input.subject, "project_id", "")
}

else := "account_owner" if question.subject.account_owner

else := "no_authorization_required" if count(requirement.actions) == 0

# Then those that the grants decide.
reason := "explicitly_denied" if count(denied) > 0

else := "allowed" if granted == required

else := "allowed" if {
	some _ in enterprise_projects
}

else := "enterprise_project_required" if count(enterprise_projects_to_name) > 0

else := "scope_unsupported" if missing == {entry.action | some entry in ineffective}

else := "action_not_granted"

default route := null

route := requirement.route if is_well_formed

default required := set()

required := {action | some action in requirement.actions} if is_well_formed

# The hash of the bundle's content; empty where the rules were loaded without their bundle.
default revision := ""

# Of the data.json that the build adds.
revision := data.scopegate.bundle.revision
