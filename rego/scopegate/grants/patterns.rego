package scopegate.grants

# METADATA
# title: Those of the actions that some of these patterns match
# description: Both are sets. Case is ignored. Put together, patterns are searched at once.
matches(actions, patterns) := actions if actions - patterns == set()

else := by_name | by_wildcards if {
	text := lower(concat("\n", patterns))
	folded := split(text, "\n")
	by_name := {action | some action in actions; lower(action) in folded}
	by_wildcards := {action |
		contains(text, "*")
		wildcards := [split(pattern, "*") | some pattern in folded; contains(pattern, "*")]
		some action in (actions - by_name)
		name := lower(action)
		some parts in wildcards
		_fits_around_wildcards(name, parts)
	}
}

# `*` stands for zero or more characters, nothing else is special. Most patterns have one or two of them. What stands
# before, between and after them must not overlap in the name.
_fits_around_wildcards(name, [start, end]) if {
	startswith(name, start)
	endswith(trim_prefix(name, start), end)
}

_fits_around_wildcards(name, [start, middle, end]) if {
	startswith(name, start)
	rest := trim_prefix(name, start)
	endswith(rest, end)
	contains(trim_suffix(rest, end), middle)
}

# A run of wildcards says no more than one. With more parts between them than the name has characters none can fit, and
# no expression grows too large.
_fits_around_wildcards(name, parts) if {
	count(parts) > 3
	startswith(name, parts[0])
	pieces := split(regex.replace(concat("*", parts), `\*+`, "*"), "*")
	count(pieces) <= count(name) + 2
	regex.match(concat("", ["^", concat(".*", [_quote(piece) | some piece in pieces]), "$"]), name)
}

# A literal of the regular expression: `\Q` quotes all but `\E`.
_quote(text) := concat("", [`\Q`, replace(text, `\`, `\E\\\Q`), `\E`])
