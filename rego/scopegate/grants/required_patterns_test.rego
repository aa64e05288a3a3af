package scopegate.grants_test

import data.scopegate_test as made

# What becomes of `vpc:*:get*` where all is allowed, and a pattern denied.
reason_where_denied(pattern) := decision.reason if {
	decision := made.decision_on(made.question("GET", "/v1/pattern", [
		made.allow(made.in_project, ["*"]),
		made.deny(made.in_project, [pattern]),
	]))
}

test_deny_of_a_part_denies_all if {
	every pattern in [
		"vpc:vpcs:get",
		"VPC:vpcs:getSubnets",
		"vpc:*:get*",
		"vpc:vpcs:*",
		"*:*:getX",
		"*x",
		"vpc:*",
		"v*",
		"vpc:a*b*c",
		"*",
	] {
		reason_where_denied(pattern) == "explicitly_denied"
	}
}

test_deny_of_something_else_does_not if {
	every pattern in [
		"vpc:vpcs:list",
		"vpc:get",
		"vpcs:vpcs:get",
		"ecs:*",
		"vp:*",
		"vpd*",
		"xvpc:*:get*",
		"vpc:vpcs:ge",
	] {
		reason_where_denied(pattern) == "allowed"
	}
}

test_allow_of_a_part_does_not_allow_all if {
	every pattern, reason in {
		"vpc:vpcs:get": "action_not_granted",
		"vpc:*:get": "action_not_granted",
		"vpc:*:get*": "allowed",
		"vpc:*": "allowed",
	} {
		decision := made.decision_on(made.question("GET", "/v1/pattern", [made.allow(made.in_project, [pattern])]))
		decision.reason == reason
	}
}

test_deny_that_is_not_evaluated_and_touches_a_part_is_named if {
	statement := {"Effect": "Deny", "Action": ["vpc:vpcs:get"], "Condition": {}}
	decision := made.decision_on(made.question("GET", "/v1/pattern", [{
		"scope": made.in_project,
		"policies": [{"Version": "1.1", "Statement": [statement]}],
	}]))
	decision.not_evaluated == {{"grant": 0, "policy": 0, "statement": 0, "members": {"Condition"}}}
	decision.denied == {"vpc:*:get*"}
}

# Of a required pattern that says how names end.
test_ends_that_meet if {
	every pattern in ["*:get", "*t", "vpc:*s:get", "vpc:*:*", "V*:GET"] {
		data.scopegate.grants.touched_by({"vpc:*:get"}, {pattern}) == {"vpc:*:get"}
	}
	every pattern in ["*list", "*:gets", "vpc:*:ge", "vpc:*get:x"] {
		data.scopegate.grants.touched_by({"vpc:*:get"}, {pattern}) == set()
	}
}
