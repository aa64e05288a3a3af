package scopegate.grants

import data.scopegate.route

# The required actions that a statement speaks of. NotAction is not evaluated: it may speak of any.
_matched_actions(statement) := route.required if statement.NotAction

else := _matched_by(statement.Action)

# The required actions that some of these patterns match. Put together, patterns are searched at once.
_matched_by(patterns) := {action |
	text := lower(concat("", ["\n", concat("\n", patterns), "\n"]))
	wildcards := _wildcards(text)
	some action in route.required
	_is_matched(lower(action), text, wildcards)
}

_wildcards(text) := parts if {
	contains(text, "*")
	one_of_each_run := regex.replace(text, `\*+`, "*")
	parts := [split(pattern, "*") | some pattern in regex.find_n(`[^\n]*\*[^\n]*`, one_of_each_run, -1)]
}

else := []

_is_matched(action, text, wildcards) if contains(text, concat("", ["\n", action, "\n"]))

else if {
	some parts in wildcards
	_fits_around_wildcards(action, parts)
}

# `*` stands for zero or more characters, nothing else is special. Most patterns with a `*` have one.
_fits_around_wildcards(action, [start, end]) if {
	startswith(action, start)
	endswith(action, end)
	count(start) + count(end) <= count(action)
}

# With more parts than the action has characters none can fit, and no expression grows too large.
_fits_around_wildcards(action, parts) if {
	count(parts) > 2
	count(parts) <= count(action) + 2
	startswith(action, parts[0])
	regex.match(concat("", ["^", concat(".*", [_quote(part) | some part in parts]), "$"]), action)
}

# A literal of the regular expression: `\Q` quotes all but `\E`.
_quote(text) := concat("", [`\Q`, replace(text, `\`, `\E\\\Q`), `\E`])
