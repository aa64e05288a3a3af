package scopegate.grants_test

import data.scopegate_test as made

grants_get(pattern) if {
	grants := [made.allow(made.in_project, ["evs:volumes:get", pattern])]
	made.decision_on(made.question("GET", "/v1/elsewhere", grants)).allow
}

test_patterns_that_match if {
	every pattern in [
		"made:things:get",
		"MADE:Things:GET",
		"*",
		"**",
		"made:*",
		"*:get",
		"*:things:*",
		"made:things:get*",
		"m*e:t*s:g*t",
		"m*a*d*e:things:get",
		"made:th*ings:get",
		"*:*:Get*",
	] {
		grants_get(pattern)
	}
}

test_patterns_that_do_not_match if {
	every pattern in [
		"made:things",
		"made:things:get:all",
		"made:thing?:get",
		"made:things:[g]et",
		"made:{things}:get",
		`made:things:ge\t`,
		"made.things.get",
		"made:things:*get*get",
		"made:things:get*get",
		"made:thin*gs*ngs:get",
		"made:things*:get*ings:get",
		"made:things:get*:*get",
		"*made:things:get*get",
		"made:things:get**get*",
		"m*e:x*s:g*t",
		"made:th*hings:get",
		"*x*",
	] {
		not grants_get(pattern)
	}
}

# Those with many wildcards are searched at once.
test_each_of_many_patterns_counts if {
	every patterns in [["m*x*s:g*t", "made:*i*g*:get"], ["made:*i*g*:get", "x*x*s:g*t"]] {
		made.decision_on(made.question("GET", "/v1/elsewhere", [made.allow(made.in_project, patterns)])).allow
	}
}

test_deny_with_text_between_wildcards_denies_no_other if {
	grants := [made.allow(made.in_project, ["*"]), made.deny(made.in_project, ["made:th*x*get"])]
	made.decision_on(made.question("GET", "/v1/elsewhere", grants)).reason == "allowed"
}

test_only_the_wildcard_is_special if {
	every pattern in [`m*\E.+\Qt*g*t`, `m*\t*h*t`, `*\E.*`, "*.*", "*(.*)*", "*?*", "*[a-z]*", `*\*`, "*+*", "^*:*$"] {
		not grants_get(pattern)
	}
}

# Go refuses an expression of that size, and what is not understood is not skipped: it could be a Deny.
test_endless_patterns_are_understood if {
	many := replace(sprintf("%02000000d", [0]), "0", "*")
	count(many) == 2000000
	not made.decision_on(made.question("GET", "/v1/elsewhere", [
		made.allow(made.in_project, ["*"]),
		made.deny(made.in_project, [concat("", ["made", many, "get"]), concat("", [many, ":*:", many])]),
	])).allow
}

# Put together with others, it would keep them from being understood.
test_pattern_with_more_text_than_any_name_is_left_out if {
	endless := replace(sprintf("%01800000d", [0]), "0", "m*")
	grants := [made.allow(made.in_project, [endless, "made:*i*g*:get"])]
	made.decision_on(made.question("GET", "/v1/elsewhere", grants)).allow
}
