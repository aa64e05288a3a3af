package scopegate

# Pairs of an effect and a required action. Of ordinary statements all are evaluated, so they are looked at together:
# a hundred policies then take less than a third of the time.
effects(grant) := {[effect, action] |
	some effect in ["Allow", "Deny"]
	patterns := [pattern |
		some policy in grant.policies
		some statement in policy.Statement
		statement.Effect == effect
		some pattern in statement.Action
	]
	patterns != []
	some action in matched_by(patterns)
} if {
	is_ordinary
}

else := {[statement.Effect, action] |
	some policy in grant.policies
	some statement in policy.Statement
	takes_effect(grant.scope, policy, statement)
	some action in matched_actions(statement)
}

# A Deny denies what it matches even where it can't be evaluated.
takes_effect(scope, policy, statement) if statement.Effect == "Deny"

else if count(not_evaluated_members(scope, policy, statement)) == 0

not_evaluated contains entry if {
	not is_ordinary
	some i, grant in question.subject.grants
	some j, policy in grant.policies
	some k, statement in policy.Statement
	members := not_evaluated_members(grant.scope, policy, statement)
	count(members) > 0
	count(matched_actions(statement)) > 0
	entry := {"grant": i, "policy": j, "statement": k, "members": members}
}

not_evaluated_members(scope, policy, statement) := union({
	{"Condition" | statement.Condition},
	{"Depends" | lacks_a_role(scope, policy)},
	{"NotAction" | statement.NotAction},
	{"Resource" | statement.Resource != ["*"]},
})
