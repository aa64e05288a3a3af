# METADATA
# title: Grants
# description: What the policies that were granted at a scope say of the required actions.
# scope: subpackages
# schemas:
#   - input: schema.input
package scopegate.grants

import data.scopegate.question
import data.scopegate.route

# METADATA
# title: The scopes of all grants
scopes contains grant.scope if some grant in question.document.subject.grants

# METADATA
# title: Whether the input is plainly in order and no statement of it denies
hold_no_deny if {
	text := question.plain_text
	not contains(text, `"Deny"`)
}

# METADATA
# title: The required actions of which statements with this effect speak, in grants at these scopes
# description: |
#   `effect` is Allow or Deny. Where every statement is evaluated they are looked at together: a hundred policies then
#   take less than a third of the time.
actions_with(effect, places) := set() if {
	effect == "Deny"
	hold_no_deny
}

else := _spoken_of(effect, patterns) if {
	question.plain_text
	patterns := {pattern |
		some [_, grant] in _made_at(places)
		some policy in grant.policies
		some statement in policy.Statement
		statement.Effect == effect
		some pattern in statement.Action
	}
}

else := {action |
	some [i, grant] in _made_at(places)
	some j, policy in grant.policies
	some statement in policy.Statement
	statement.Effect == effect
	_takes_effect(i, j, statement)
	some action in _matched_actions(statement)
}

# Grants, each with its number.
_made_at(places) := [[i, question.document.subject.grants[i]] | some place in places; some i in _by_place[place]]

# There can be as many places as grants. Asked for one place of the rule below, OPA would look at all grants again.
# regal ignore:pointless-reassignment
_by_place := _at

_at[grant.scope] contains i if some i, grant in question.document.subject.grants

# A Deny denies what it matches even where it can't be evaluated.
_takes_effect(i, j, statement) if statement.Effect == "Deny"

else if count(not_evaluated_members(i, j, statement)) == 0

# METADATA
# title: The statements that failed closed and match a required action
not_evaluated contains entry if {
	not question.plain_text
	some i, grant in question.document.subject.grants
	some j, policy in grant.policies
	some k, statement in policy.Statement
	members := not_evaluated_members(i, j, statement)
	count(members) > 0
	count(_matched_actions(statement)) > 0
	entry := {"grant": i, "policy": j, "statement": k, "members": members}
}

# METADATA
# title: Why a statement of a policy in a grant fails closed, by the members that are not evaluated or not met
# description: By the numbers of the grant and the policy. An empty set where it takes effect.
not_evaluated_members(i, j, statement) := union({
	{"Condition" | statement.Condition},
	{"Depends" | _lacking[[i, j]]},
	{"NotAction" | statement.NotAction},
	{"Resource" | statement.Resource != ["*"]},
})

# The required actions that a statement speaks of. NotAction is not evaluated: it may speak of any.
_matched_actions(statement) := route.required if statement.NotAction

else := _spoken_of(statement.Effect, {pattern | some pattern in statement.Action})

_spoken_of("Allow", patterns) := matches(route.required, patterns)

_spoken_of("Deny", patterns) := matches(route.required, patterns) | touched_by(route.required, patterns)
