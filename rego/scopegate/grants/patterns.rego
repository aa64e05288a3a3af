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
		_fits_around_wildcards(lower(action), wildcards)
	}
}

# `*` stands for zero or more characters, nothing else is special. Most patterns have one or two of them. What stands
# before, between and after them must not overlap in the name.
_fits_around_wildcards(name, wildcards) if {
	some [start, end] in wildcards
	startswith(name, start)
	endswith(trim_prefix(name, start), end)
}

else if {
	some [start, middle, end] in wildcards
	startswith(name, start)
	rest := trim_prefix(name, start)
	endswith(rest, end)
	contains(trim_suffix(rest, end), middle)
}

# The rest are one expression. What has more text than the name can't fit, and without that none grows too large.
else if {
	rest := [concat("*", parts) |
		some parts in wildcards
		count(parts) > 3
		startswith(name, parts[0])
		count(concat("", parts)) <= count(name)
	]
	rest != []

	# A run of wildcards says no more than one. `\Q` quotes all but `\E`.
	text := regex.replace(concat("\n", rest), `\*+`, "*")
	quoted := strings.replace_n({`\`: `\E\\\Q`, "*": `\E.*\Q`, "\n": `\E|\Q`}, text)
	regex.match(concat("", [`^(?:\Q`, quoted, `\E)$`]), name)
}
