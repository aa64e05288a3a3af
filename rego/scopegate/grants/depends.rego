package scopegate.grants

import data.scopegate.question

# A role that names others takes effect only where those are granted in the same project too, and take effect there.

_lacks_a_role(scope, policy) if {
	count(policy.Depends) > 0
	others := _roles_beside(scope)
	named := _named_roles(policy)
	_is_without(named, others, _roles_without_effect(scope))
}

_is_without(named, others, without_effect) if {
	some role in named
	not others[role]
}

else if count(graph.reachable(others, named) & without_effect) > 0

# Those that name one which is not there, and those in a circle, which is a fault.
_roles_without_effect(scope) := {role |
	others := _roles_beside(scope)
	some role, named in others
	_is_without_effect(role, named, others)
}

_is_without_effect(role, named, others) if {
	some other in named
	not others[other]
}

else if role in graph.reachable(others, named)

# From each role that counts where one at this scope does to those that it names.
_roles_beside(scope) := {role: named |
	beside := [granted | some place, granted in _roles_at; place in _scopes_beside(scope)]
	some granted in beside
	some role, _ in granted
	named := {other | some each in beside; some other in each[role]} - {null}
}

# Null stands for having been granted.
_roles_at[grant.scope][role] contains other if {
	some grant in question.document.subject.grants
	some policy in grant.policies
	role := [policy.catalog, policy.display_name]
	some other in union({_named_roles(policy), {null}})
}

_named_roles(policy) := {[object.get(role, "catalog", null), object.get(role, "display_name", null)] |
	some role in policy.Depends
}

# What is granted at all resources is granted in the token's project (or domain), too.
_scopes_beside(scope) := {scope, _token_scope} if scope.all_resources

else := {scope, {"all_resources": true}}

_token_scope := {"domain": id} if id := input.subject.domain_id

else := {"iam_project": input.subject.project_id}
