# METADATA
# title: Decision
# description: |
#   May this subject, with these grants, call this route on this resource?
#   docs/decisions.md says what each member and each reason means.
# scope: subpackages
# schemas:
#   - input: schema.input
package scopegate

import data.scopegate.evaluation
import data.scopegate.grants
import data.scopegate.path
import data.scopegate.question
import data.scopegate.route

# METADATA
# title: The decision as a boolean
# entrypoint: true
allow := decision.allow

# METADATA
# title: The whole decision
# description: |
#   An object, defined for every input. Most requests are decided by the grants at the token's project and at all
#   resources alone, and there is no Deny. Those come first, with all that they need in one place: they take three
#   fifths of the time, and what is not granted two thirds.
# entrypoint: true
decision := _by_level_1(key, required, grants.matches(required, patterns), level) if {
	grants.hold_no_deny
	[key, actions, scopes, _] := route.requirement
	not question.document.subject.account_owner
	not route.names_another_project
	not route.lacks_body

	contains(scopes, "iam_project")
	actions != []
	required := {action | some action in actions}

	level := {{"all_resources": true}, {"iam_project": input.subject.project_id}}
	patterns := {pattern |
		some grant in question.document.subject.grants
		grant.scope in level
		some policy in grant.policies
		some statement in policy.Statement
		some pattern in statement.Action
	}
}

else := _with_nothing_denied("malformed_request", null, set(), set(), set()) if {
	not path.segments
	not route.is_of_operator
}

else := _with_nothing_denied(_reason_without_route, null, set(), set(), set()) if not route.provenance

else := _with_nothing_denied(reason, route.provenance, route.required, set(), set()) if reason := _reason_before_grants

else := {
	"allow": _reason == "allowed",
	"reason": _reason,
	"message": _message(_reason, evaluation.missing),
	"route": route.provenance,
	"required": route.required,
	"granted": evaluation.granted,
	"missing": evaluation.missing,
	"denied": evaluation.denied,
	"ineffective": evaluation.ineffective,
	"enterprise_projects": evaluation.enterprise_projects,
	"not_evaluated": grants.not_evaluated,
	"revision": revision,
}

_by_level_1(key, required, granted, level) := {
	"allow": true,
	"reason": "allowed",
	"message": "every required action is granted",
	"route": bundle.routes[key],
	"required": required,
	"granted": required,
	"missing": set(),
	"denied": set(),
	"ineffective": set(),
	"enterprise_projects": null,
	"not_evaluated": set(),
	"revision": bundle.revision,
} if {
	granted == required

	# Of the data.json that the build adds.
	bundle := data.scopegate.bundle
}

# Grants elsewhere may count too, or be a mistake that has to be named.
else := _with_nothing_denied("action_not_granted", route.provenance, required, granted, required - granted) if {
	grants.scopes - level == set()
	not route.is_of_queried_enterprise_projects
}

_with_nothing_denied(reason, provenance, required, granted, missing) := {
	"allow": reason in {"operator_route", "account_owner", "no_authorization_required"},
	"reason": reason,
	"message": _message(reason, missing),
	"route": provenance,
	"required": required,
	"granted": granted,
	"missing": missing,
	"denied": set(),
	"ineffective": set(),
	"enterprise_projects": null,
	"not_evaluated": set(),
	"revision": revision,
}

# The other reasons, in the order in which they are looked for: first those of requests without a route, then those that
# need no grants, then those that the grants decide.

_reason_without_route := "operator_route" if route.is_of_operator

else := "ambiguous_service" if count(route.apis) > 1

else := "no_matching_route"

_reason_before_grants := "project_mismatch" if route.names_another_project

else := "account_owner" if question.document.subject.account_owner

else := "body_required" if route.lacks_body

else := "no_authorization_required" if route.required == set()

_reason := "explicitly_denied" if evaluation.denied != set()

else := "allowed" if evaluation.granted == route.required

else := "allowed" if {
	some _ in evaluation.enterprise_projects
}

else := "enterprise_project_required" if evaluation.enterprise_projects_to_name != set()

else := "scope_unsupported" if evaluation.missing == {entry.action | some entry in evaluation.ineffective}

else := "action_not_granted"

# METADATA
# title: The hash of the bundle's content
# description: Empty where the rules were loaded without their bundle.
# scope: document
default revision := ""

# Of the data.json that the build adds.
revision := data.scopegate.bundle.revision
