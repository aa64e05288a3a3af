package scopegate_test

grants_get(pattern) if {
	decision_on(question("GET", "/v1/elsewhere", [allow(in_project, ["evs:volumes:get", pattern])])).allow
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
		"m*e:x*s:g*t",
		"made:th*hings:get",
		"*x*",
	] {
		not grants_get(pattern)
	}
}

test_only_the_wildcard_is_special if {
	every pattern in [`*\E.*`, "*.*", "*(.*)*", "*?*", "*[a-z]*", `*\*`, "*+*", "^*:*$"] {
		not grants_get(pattern)
	}
}
