package scopegate

# A role that names others takes effect only where those are granted in the same project too, and take effect there.

lacks_a_role(scope, policy) if {
	others := roles_beside(scope)
	named := named_roles(policy)
	named_by_those := {role | some other in graph.reachable(others, named); some role in others[other]}
	some role in union({named, named_by_those})
	is_without_effect(role, others)
}

is_without_effect(role, others) if not others[role]

# A circle of roles is a fault.
else if role in graph.reachable(others, others[role])

# From each role that counts where one at this scope does to those that it names.
roles_beside(scope) := {role: named |
	some place in scopes_beside(scope)
	some role, _ in roles_at[place]
	named := {other | some beside in scopes_beside(scope); some other in roles_at[beside][role]} - {null}
}

# Null stands for having been granted.
roles_at[grant.scope][role] contains other if {
	some grant in question.subject.grants
	some policy in grant.policies
	role := [policy.catalog, policy.display_name]
	some other in union({named_roles(policy), {null}})
}

named_roles(policy) := {[object.get(role, "catalog", null), object.get(role, "display_name", null)] |
	some role in policy.Depends
}

# What is granted at all resources is granted in the token's project (or domain), too.
scopes_beside(scope) := {scope, token_scope} if scope.all_resources

else := {scope, {"all_resources": true}}

token_scope := {"domain": id} if id := input.subject.domain_id

else := {"iam_project": input.subject.project_id}
