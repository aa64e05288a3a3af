package scopegate.grants

import data.scopegate.question

# A role that names others takes effect only where those are granted in the same project too, and take effect there.

# METADATA
# title: The roles that a policy of a grant names, and that take no effect beside it
# description: By the numbers of the grant and the policy, where there are any.
lacking_roles[[i, j]] := roles if {
	some i, grant in question.document.subject.grants
	some j, policy in grant.policies
	count(policy.Depends) > 0
	roles := _named_roles(policy) - _in_effect(grant.scope)
	roles != set()
}

# As a whole: asked for one policy of the rule above, OPA would look at all of them again.
# regal ignore:pointless-reassignment
_lacking := lacking_roles

# The roles that take effect beside one at a scope: those that need no other, then those that need no more than these,
# and so on, 64 times at most. In a circle, which is a fault, none takes effect.
_in_effect(scope) := _after_16(scope, _after_16(scope, _after_16(scope, _after_16(scope, set()))))

_after_16(scope, roles) := _after_4(scope, _after_4(scope, _after_4(scope, _after_4(scope, roles))))

_after_4(scope, roles) := roles if _after_1(scope, roles) == roles

else := _after_1(scope, _after_1(scope, _after_1(scope, _after_1(scope, roles))))

_after_1(scope, roles) := _granted_beside(scope) - {role |
	some [role, named] in _naming_beside(scope)
	named - roles != set()
}

_granted_beside(scope) := {role |
	some i in _beside(scope)
	some policy in question.document.subject.grants[i].policies
	role := [policy.catalog, policy.display_name]
}

_naming_beside(scope) := [[role, _named_roles(policy)] |
	some i in _beside(scope)
	some policy in question.document.subject.grants[i].policies
	count(policy.Depends) > 0
	role := [policy.catalog, policy.display_name]
]

_named_roles(policy) := {[object.get(role, "catalog", null), object.get(role, "display_name", null)] |
	some role in policy.Depends
}

# The grants in the same project. What is granted at all resources is granted in the token's project (or domain), too.
_beside(scope) := {i | some place in {scope, _token_scope}; some i in _by_place[place]} if scope.all_resources

else := {i | some place in {scope, {"all_resources": true}}; some i in _by_place[place]}

_token_scope := {"domain": id} if id := input.subject.domain_id

else := {"iam_project": input.subject.project_id}
