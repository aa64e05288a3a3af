package scopegate

# What the grants say of the required actions: each is granted, denied or missing.

granted := granted_by_project | granted_by_enterprise_project

denied := denied_by_project | denied_by_enterprise_project

missing := (required - granted) - denied

# The grants at the token's project or domain, and at all resources, have the last word on what they speak of.

granted_by_project := {action | some ["Allow", action] in project_level} - denied_by_project

denied_by_project contains action if some ["Deny", action] in project_level

project_level contains effect if {
	some grant in question.subject.grants
	grant.scope in project_level_scopes
	some effect in effects(grant)
}

project_level_scopes := {{"all_resources": true}, {"domain": id}} if id := input.subject.domain_id

else := {{"all_resources": true}} if requirement.iam_project == "unsupported"

else := {{"all_resources": true}, {"iam_project": input.subject.project_id}}

# On the rest those at the enterprise project of the request decide.

undecided := (required - granted_by_project) - denied_by_project

default granted_by_enterprise_project := set()

granted_by_enterprise_project := granted_in(enterprise_project)

default denied_by_enterprise_project := set()

denied_by_enterprise_project := denied_in(enterprise_project)

granted_in(id) := {action | some ["Allow", action] in enterprise_project_level[id]} - denied_in(id)

denied_in(id) := {action | some ["Deny", action] in enterprise_project_level[id]}

enterprise_project_level[id] contains [effect, action] if {
	requirement.enterprise_project == "supported"
	some grant in question.subject.grants
	id := grant.scope.enterprise_project
	some [effect, action] in effects(grant)
	action in undecided
}

# Those that would allow the whole request.
sufficient_enterprise_projects contains id if {
	count(denied_by_project) == 0
	some id, _ in enterprise_project_level
	granted_in(id) == undecided
}

# A grant where it can't count is a mistake that people make.
ineffective contains {"action": action, "scope": grant.scope} if {
	some grant in question.subject.grants
	is_ineffective_scope(grant.scope)
	some ["Allow", action] in effects(grant)
	action in missing
}

is_ineffective_scope(scope) if {
	scope.enterprise_project
	requirement.enterprise_project != "supported"
}

is_ineffective_scope(scope) if {
	scope.iam_project == input.subject.project_id
	requirement.iam_project == "unsupported"
}

is_ineffective_scope(scope) if {
	scope.iam_project
	input.subject.domain_id
}

is_ineffective_scope(scope) if {
	scope.domain
	input.subject.project_id
}
