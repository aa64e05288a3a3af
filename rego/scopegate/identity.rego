package scopegate

# Who says what a subject was granted: whoever asks, in subject.grants, or the operator, in the identity bundle.
# Never both. docs/identity.md has the form of that bundle, which is another root, built and loaded on its own.

# The input with the grants that count, wherever they come from: what all other rules look at.
question := object.union(input, {"subject": known_of_subject}) if is_known_by_id

else := input

is_known_by_id if {
	input.subject.id
	not brings_grants
}

# Also as null or false, which the schema then refuses.
brings_grants if some "grants", _ in input.subject

# Whatever the operator says but false closes, and so does a fault: grants out of a request count no more.
identities_are_configured if data.scopegate_config.identities

else if not is_configuration_in_order

# What an input may not say of its subject, then.
claimed_members contains name if {
	identities_are_configured
	some name, value in input.subject
	name in {"account_owner", "grants"}
	value != false
}

known_of_subject := {
	"account_owner": object.get(subject_record, "account_owner", false),
	"grants": known_grants,
} if {
	is_object(subject_record)
}

# Someone unknown was granted nothing.
else := {"grants": []} if not subject_record

else := {"grants": null}

subject_record := data.scopegate_identity.subjects[input.subject.id]

known_grants := [with_policies(grant) |
	some holder in array.concat([subject_record], [group(id) | some id in members_of(subject_record, "groups")])
	some grant in members_of(holder, "grants")
]

with_policies(grant) := object.union(grant, {"policies": policies}) if {
	is_array(grant.policies)
	policies := [policy(id) | some id in grant.policies]
}

else := null

# A null is refused where the question is checked: what the bundle lacks could be a Deny.

group(id) := found if found := data.scopegate_identity.groups[id]

else := null

policy(id) := found if found := data.scopegate_identity.policies[id]

else := null

members_of(record, name) := list if {
	is_object(record)
	list := object.get(record, name, [])
	is_array(list)
}

else := [null]
