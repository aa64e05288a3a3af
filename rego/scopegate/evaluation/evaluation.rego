# METADATA
# title: The order of evaluation
# description: What the grants say of the required actions, level by level. Each is granted, denied or missing.
# scope: subpackages
# schemas:
#   - input: schema.input
package scopegate.evaluation

import data.scopegate.grants
import data.scopegate.route

# METADATA
# title: The required actions that are allowed
granted := _granted_by_project | _granted_in(enterprise_project) if route.counts_in_enterprise_project

else := _granted_by_project

# METADATA
# title: The required actions that are denied
denied := _denied_by_project | _denied_in(enterprise_project) if route.counts_in_enterprise_project

else := _denied_by_project

# METADATA
# title: The required actions that nothing matched
missing := (route.required - granted) - denied

# METADATA
# title: The scopes of level 1
# description: The token's project or domain, and all resources. They have the last word on what their grants speak of.
_project_level := {{"all_resources": true}, {"iam_project": input.subject.project_id}} if route.counts_in_iam_project

else := {{"all_resources": true}, {"domain": id}} if id := input.subject.domain_id

else := {{"all_resources": true}}

_granted_by_project := grants.actions_with("Allow", _project_level) - _denied_by_project

_denied_by_project := grants.actions_with("Deny", _project_level)

# On the rest those at an enterprise project decide.

_undecided := (route.required - _granted_by_project) - _denied_by_project

_granted_in(id) := (grants.actions_with("Allow", {{"enterprise_project": id}}) & _undecided) - _denied_in(id)

_denied_in(id) := grants.actions_with("Deny", {{"enterprise_project": id}}) & _undecided

# Those that would allow the whole request.
_sufficient_enterprise_projects contains id if {
	count(_denied_by_project) == 0
	some scope in grants.scopes
	id := scope.enterprise_project
	_granted_in(id) == _undecided
}

# METADATA
# title: Missing actions that are granted where it can't count
# description: A mistake that people make.
ineffective contains {"action": action, "scope": scope} if {
	some scope in grants.scopes
	_is_ineffective(scope)
	some action in (grants.actions_with("Allow", {scope}) & missing)
}

_is_ineffective({"enterprise_project": _}) if not route.counts_in_enterprise_project

_is_ineffective({"iam_project": id}) if {
	id == input.subject.project_id
	not route.counts_in_iam_project
}

_is_ineffective({"iam_project": _}) if input.subject.domain_id

_is_ineffective({"domain": _}) if input.subject.project_id
