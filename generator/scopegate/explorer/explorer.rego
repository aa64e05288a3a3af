# METADATA
# title: What the explorer asks besides decisions
# description: It is compiled with a bundle, and is in none.
package explorer

import data.scopegate.grants
import data.scopegate.path
import data.scopegate.question
import data.scopegate.route

# METADATA
# title: The decisions on many routes
# description: |
#   `requirements` are what routes require, as their rules have it, and `question` is one about any path. The decisions
#   are those on requests of the routes: nothing else of a request counts, once its route is known.
# entrypoint: true
decisions := [decision |
	some requirement in input.requirements
	decision := data.scopegate.decision with input as input.question
		with route.requirement as requirement
		with route.methods as {}
		with path.segments as _segments
		with question.plain_text as _plain_text
		with grants.hold_no_deny as _hold_no_deny
] if {
	_segments
}

# What is malformed is, whatever the route requires.
else := [decision |
	decision := data.scopegate.decision with input as input.question
	some _ in input.requirements
]

# What is not about the route takes ten times as long as what is, and once is enough. That goes for the path, too, at
# which no route is looked for any more.

_segments := segments if segments := path.segments with input as input.question

default _plain_text := false

_plain_text := text if text := question.plain_text with input as input.question

default _hold_no_deny := false

_hold_no_deny if grants.hold_no_deny with input as input.question

# METADATA
# title: Which patterns of the grants speak of what a request requires
# description: Whether that counts says the decision. Each by the numbers of its grant, policy and statement.
# entrypoint: true
speaking := [found |
	some i, grant in input.subject.grants
	some j, policy in grant.policies
	some k, statement in policy.Statement
	some pattern in statement.Action
	some action in _spoken_of(route.required, statement.Effect, pattern)
	found := {
		"grant": i,
		"policy": j,
		"statement": k,
		"effect": statement.Effect,
		"pattern": pattern,
		"action": action,
	}
]

# METADATA
# title: Of which of the actions each of the patterns speaks
# entrypoint: true
matched := [_spoken_of(_candidates(pattern), effect, pattern) | some [effect, pattern] in input.patterns]

# A pattern without wildcards can speak of what has its name and of what is a pattern itself: of thousands of actions
# the others need no look.
_candidates(pattern) := _actions if contains(pattern, "*")

else := object.get(_by_name, lower(pattern), set()) | _with_wildcards

_actions := {action | some action in input.actions}

_by_name[lower(action)] contains action if some action in _actions

_with_wildcards contains action if {
	some action in _actions
	contains(action, "*")
}

_spoken_of(actions, "Allow", pattern) := grants.matches(actions, {pattern})

_spoken_of(actions, "Deny", pattern) := grants.matches(actions, {pattern}) | grants.touched_by(actions, {pattern})
