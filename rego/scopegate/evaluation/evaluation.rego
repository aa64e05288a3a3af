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
granted := granted_by_project | _granted_by_enterprise_project

# METADATA
# title: The required actions that are denied
denied := _denied_by_project | _denied_by_enterprise_project

# METADATA
# title: The required actions that nothing matched
missing := (route.required - granted) - denied

# METADATA
# title: The required actions that are allowed at level 1
# description: |
#   The grants at the token's project or domain, and at all resources, have the last word on what they speak of.
granted_by_project := grants.actions("Allow", _project_level) - _denied_by_project

_denied_by_project := grants.actions("Deny", _project_level)

_project_level := {{"all_resources": true}, {"domain": id}} if id := input.subject.domain_id

else := {{"all_resources": true}} if not route.counts_in_iam_project

else := {{"all_resources": true}, {"iam_project": input.subject.project_id}}

# On the rest those at the enterprise project of the request decide.

_undecided := (route.required - granted_by_project) - _denied_by_project

default _granted_by_enterprise_project := set()

_granted_by_enterprise_project := _granted_in(enterprise_project)

default _denied_by_enterprise_project := set()

_denied_by_enterprise_project := _denied_in(enterprise_project)

_granted_in(id) := (grants.actions("Allow", {{"enterprise_project": id}}) & _undecided) - _denied_in(id) if {
	route.counts_in_enterprise_project
}

_denied_in(id) := grants.actions("Deny", {{"enterprise_project": id}}) & _undecided if {
	route.counts_in_enterprise_project
}

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
	some action in (grants.actions("Allow", {scope}) & missing)
}

_is_ineffective(scope) if {
	scope.enterprise_project
	not route.counts_in_enterprise_project
}

_is_ineffective(scope) if {
	scope.iam_project == input.subject.project_id
	not route.counts_in_iam_project
}

_is_ineffective(scope) if {
	scope.iam_project
	input.subject.domain_id
}

_is_ineffective(scope) if {
	scope.domain
	input.subject.project_id
}
