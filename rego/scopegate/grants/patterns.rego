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

# METADATA
# title: Those of the actions that are patterns themselves, and that some of these patterns touch
# description: |
#   Tables have `vpc:*:get*` among what a route depends on: who is denied a part of that is not granted all of it.
touched_by(actions, patterns) := {action |
	some action in actions
	contains(action, "*")
	some pattern in patterns
	_have_a_name_in_common(action, pattern)
}

_have_a_name_in_common(one, other) if {
	not contains(other, "*")
	matches({other}, {one}) != set()
}

# Between what they begin with and what they end with, wildcards leave room for whatever stands between them.
_have_a_name_in_common(one, other) if {
	contains(other, "*")
	parts := split(lower(one), "*")
	others := split(lower(other), "*")
	_begin_alike(parts[0], others[0])
	_end_alike(parts[count(parts) - 1], others[count(others) - 1])
}

_begin_alike(one, other) if startswith(one, other)

_begin_alike(one, other) if startswith(other, one)

_end_alike(one, other) if endswith(one, other)

_end_alike(one, other) if endswith(other, one)
