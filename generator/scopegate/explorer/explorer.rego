# METADATA
# title: What the explorer asks besides decisions
# description: It is compiled with a bundle, and is in none.
package explorer

import data.scopegate.grants
import data.scopegate.question
import data.scopegate.route

# METADATA
# title: The decisions on many routes
# description: |
#   `requirements` are what routes require, as their rules have it, and `question` is one about any path. The decisions
#   are those on requests of the routes: nothing else of a request counts, once its route is known.
# entrypoint: true
decisions := _decisions_on_plain if _plain_text

else := [decision |
	some requirement in input.requirements
	decision := data.scopegate.decision with input as input.question with route.requirement as requirement
]

# What is not about the route takes ten times as long as what is. Where it says that all is in order, once is enough.
_decisions_on_plain := [decision |
	some requirement in input.requirements
	decision := data.scopegate.decision with input as input.question
		with route.requirement as requirement
		with question.plain_text as _plain_text
]

_plain_text := text if text := question.plain_text with input as input.question

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
matched := [_spoken_of(actions, effect, pattern) |
	actions := {action | some action in input.actions}
	some [effect, pattern] in input.patterns
]

_spoken_of(actions, "Allow", pattern) := grants.matches(actions, {pattern})

_spoken_of(actions, "Deny", pattern) := grants.matches(actions, {pattern}) | grants.touched_by(actions, {pattern})
