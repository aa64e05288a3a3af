package scopegate.grants_test

import data.scopegate_test as made

granted_by(policy) := made.decision_on(made.question("GET", "/v1/elsewhere", [{
	"scope": made.in_project,
	"policies": [made.changed({"Version": "1.1"}, policy)],
}]))

not_evaluated_members_of(policy) := [entry.members | some entry in granted_by(policy).not_evaluated][0]

test_allow_that_is_not_evaluated_grants_nothing if {
	every members in [
		{"Condition": {}},
		{"Resource": []},
		{"Resource": ["*", "*"]},
		{"Resource": {"uri": ["/iam/agencies/a"]}},
	] {
		decision := granted_by({"Statement": [object.union({"Effect": "Allow", "Action": ["*"]}, members)]})
		decision.reason == "action_not_granted"
		decision.not_evaluated == {{"grant": 0, "policy": 0, "statement": 0, "members": object.keys(members)}}
	}
}

test_deny_that_is_not_evaluated_denies if {
	decision := granted_by({"Statement": [
		{"Effect": "Allow", "Action": ["*"]},
		{"Effect": "Deny", "Action": ["made:things:*"], "Condition": {"Bool": {"g:MFAPresent": ["true"]}}},
	]})
	decision.reason == "explicitly_denied"
	decision.not_evaluated == {{"grant": 0, "policy": 0, "statement": 1, "members": {"Condition"}}}
}

test_deny_with_not_action_denies_everything if {
	decision := granted_by({"Statement": [
		{"Effect": "Allow", "Action": ["*"]},
		{"Effect": "Deny", "NotAction": ["made:things:get"]},
	]})
	decision.reason == "explicitly_denied"
	decision.not_evaluated == {{"grant": 0, "policy": 0, "statement": 1, "members": {"NotAction"}}}
}

test_all_members_that_are_not_evaluated_are_listed if {
	statement := {"Effect": "Allow", "Action": ["*"], "Condition": {}, "Resource": []}
	policy := {"Depends": [{"catalog": "BASE", "display_name": "Tenant Guest"}], "Statement": [statement]}
	granted_by(policy).reason == "action_not_granted"
	not_evaluated_members_of(policy) == {"Condition", "Depends", "Resource"}
}

test_every_resource_is_evaluated if {
	policy := {"Statement": [{"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}]}
	granted_by(policy).reason == "allowed"
	granted_by(object.union(policy, {"note": "unknown members are ignored"})).reason == "allowed"
}

test_what_does_not_match_is_not_listed if {
	policy := {"Statement": [{"Effect": "Allow", "Action": ["evs:*"], "Condition": {}}]}
	granted_by(policy).not_evaluated == set()
}
