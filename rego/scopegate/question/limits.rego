package scopegate.question

import data.scopegate.schemas

# Limits of size, far above the vendor's: what they let through is decided within two seconds. docs/decisions.md lists
# them.

# Undefined where the input is as long as one string may be: that is too little to take long.
_excess := sprintf("%s is malformed: more than %d %s", [member, _limits[noun], noun]) if {
	not schemas.short_question(_text)
	[member, noun] := min(_exceeded)
}

_limits := schemas.question.limits

_exceeded contains [member, "characters"] if {
	some [member, text] in array.concat(_strings, _ids)
	is_string(text)
	count(text) > _limits.characters
}

_exceeded contains ["request.query", "values"] if {
	names := [1 | some _ in input.request.query]
	values := [1 | some each in input.request.query; some _ in each]
	count(names) + count(values) > _limits.values
}

_exceeded contains ["subject.grants", "grants"] if count(_grants) > _limits.grants

_exceeded contains ["subject.grants", "policies"] if count(_policies) > _limits.policies

_exceeded contains ["subject.grants", "statements"] if count(_statements) > _limits.statements

_exceeded contains ["subject.grants", "patterns"] if count(_patterns) > _limits.patterns

_exceeded contains ["subject.grants", "dependencies"] if _number_of_dependencies > _limits.dependencies

_exceeded contains ["subject.grants", "dependencies of one"] if {
	some policy in _policies
	count([1 | some _ in policy.Depends]) > _limits["dependencies of one"]
}

_exceeded contains ["subject.grants", "members of one"] if {
	_patterns
	some whole in array.concat(_statements, [grant.scope | some grant in _grants])
	count([1 | some _ in whole]) > _limits["members of one"]
}

# The builtin that checks the form takes the square of their number.
_exceeded contains ["the input", "digits of a number"] if {
	regex.match(_long_number, _text)
	some number
	walk(document, [_, number])
	is_number(number)
	regex.match(_long_number, sprintf("%v", [[number]]))
}

_long_number := sprintf(`[\[ ]-?(?:[\d.]{%d}|[\d.]+[eE][+-]?\d{3})`, [_limits["digits of a number"] + 1])

# The input may be anything: what is no list, or no object, has nothing in it. What is in too many is not looked at, and
# nothing is put into a set or given to a function, where OPA tells values apart that can be made to be alike to it.

_strings := [[concat(".", [part, name]), input[part][name]] |
	some part, names in {
		"request": ["method", "path", "provider", "service", "host"],
		"subject": ["id", "project_id", "domain_id"],
		"resource": ["enterprise_project_id"],
	}
	some name in names
]

_ids := [["subject.grants", id] | some grant in _grants; some id in grant.scope]

_grants := [grant | some grant in document.subject.grants]

_policies := [policy | some grant in _grants; some policy in grant.policies] if count(_grants) <= _limits.grants

_statements := [statement | some policy in _policies; some statement in policy.Statement] if {
	count(_policies) <= _limits.policies
}

# Of actions, and of resources.
_patterns := array.concat(
	[1 | some statement in _statements; some name in ["Action", "NotAction", "Resource"]; some _ in statement[name]],
	[1 | some statement in _statements; some _ in statement.Resource.uri],
) if {
	count(_statements) <= _limits.statements
}

# Those at all resources are looked at again for each scope at which a role depends on others.
_number_of_dependencies := _weight + (count(depending) * _weight_everywhere) if {
	count(_policies) <= _limits.policies
	depending := [1 |
		some grant in _grants
		count([1 | some policy in grant.policies; some _ in policy.Depends]) > 0
	]
}

_weight := count(_policies) + count([1 | some policy in _policies; some _ in policy.Depends])

_weight_everywhere := count(policies) + count([1 | some policy in policies; some _ in policy.Depends]) if {
	policies := [policy | some grant in _grants; grant.scope.all_resources; some policy in grant.policies]
}
