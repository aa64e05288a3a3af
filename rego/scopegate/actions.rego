package scopegate

# The required actions that a statement speaks of. NotAction is not evaluated: it may speak of any.
matched_actions(statement) := required if statement.NotAction

else := {action |
	patterns := split(lower(concat("\n", statement.Action)), "\n")
	some action in required
	is_matched(lower(action), patterns)
}

is_matched(action, patterns) if action in patterns

else if {
	some pattern in patterns
	contains(pattern, "*")
	fits_around_wildcards(action, split(pattern, "*"))
}

# `*` stands for zero or more characters, nothing else is special. Most patterns with a `*` have one.
fits_around_wildcards(action, [start, end]) if {
	startswith(action, start)
	endswith(action, end)
	count(start) + count(end) <= count(action)
}

fits_around_wildcards(action, parts) if {
	count(parts) > 2
	startswith(action, parts[0])
	regex.match(concat("", ["^", concat(".*", [quote(part) | some part in parts]), "$"]), action)
}

# A literal of the regular expression: `\Q` quotes all but `\E`.
quote(text) := concat("", [`\Q`, replace(text, `\`, `\E\\\Q`), `\E`])
