package scopegate.grants

# METADATA
# title: Those of the actions that some of these patterns match
# description: Both are sets. Case is ignored. Put together, patterns are searched at once.
matches(actions, patterns) := actions if actions - patterns == set()

else := {action | names := split(text, "\n"); some action in actions; lower(action) in names} if {
	text := lower(concat("\n", patterns))
	not contains(text, "*")
}

else := {action |
	folded := split(_with_single_stars(lower(concat("\n", patterns))), "\n")
	wildcards := [split(pattern, "*") | some pattern in folded; contains(pattern, "*")]
	some action in actions
	_is_matched(lower(action), folded, wildcards)
}

_with_single_stars(text) := regex.replace(text, `\*+`, "*") if contains(text, "**")

else := text

_is_matched(action, patterns, wildcards) if {
	some parts in wildcards
	_fits_around_wildcards(action, parts)
}

else if action in patterns

# `*` stands for zero or more characters, nothing else is special. Most patterns have one or two of them. What stands
# before, between and after them must not overlap in the action.
_fits_around_wildcards(action, [start, end]) if {
	startswith(action, start)
	endswith(action, end)
	count(start) + count(end) <= count(action)
}

_fits_around_wildcards(action, [start, middle, end]) if {
	startswith(action, start)
	endswith(action, end)
	count(start) + count(end) <= count(action)
	rest := substring(action, count(start), (count(action) - count(start)) - count(end))
	contains(rest, middle)
}

# With more parts between the wildcards than the action has characters none can fit, and no expression grows too large.
_fits_around_wildcards(action, parts) if {
	count(parts) > 3
	count(parts) <= count(action) + 2
	startswith(action, parts[0])
	regex.match(concat("", ["^", concat(".*", [_quote(part) | some part in parts]), "$"]), action)
}

# A literal of the regular expression: `\Q` quotes all but `\E`.
_quote(text) := concat("", [`\Q`, replace(text, `\`, `\E\\\Q`), `\E`])
