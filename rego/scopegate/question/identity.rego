package scopegate.question

import data.scopegate.configuration

# Who says what a subject was granted: whoever asks, in subject.grants, or the operator, in the identity bundle.
# Never both. docs/identity.md has the form of that bundle, which is another root, built and loaded on its own.

# METADATA
# title: Whether the identity bundle says what the subject was granted
is_known_by_id if {
	input.subject.id
	object.keys(input.subject) & {"grants"} == set()
}

# METADATA
# title: Whether the identity bundle has the subject
is_known if _subject_record

# METADATA
# title: Whether grants come from the identity bundle alone
# description: Whatever the operator says but false closes, and so does a fault of the configuration.
identities_are_configured if data.scopegate_config.identities

else if {
	_ = data.scopegate_config
	not configuration.is_in_order
}

# What the input says of its subject and may not, then; undefined where it says nothing of it.
_claims := claims if {
	# Where the operator configured nothing, nothing else has to be looked at.
	_ = data.scopegate_config
	identities_are_configured
	claims := [name | some name in ["account_owner", "grants"]; input.subject[name] != false]
	claims != []
}

_known_subject := {
	"account_owner": _account_owner,
	"grants": _known_grants,
} if {
	is_object(_subject_record)
}

# Someone unknown was granted nothing.
else := {"grants": []} if not _subject_record

else := {"grants": null}

# What the input says counts no more, but is refused where it is malformed.
_account_owner := claimed if {
	claimed := input.subject.account_owner
	not is_boolean(claimed)
}

else := object.get(_subject_record, "account_owner", false)

_subject_record := data.scopegate_identity.subjects[input.subject.id]

_known_grants := [_with_policies(grant) |
	some holder in array.concat([_subject_record], [_group(id) | some id in _members_of(_subject_record, "groups")])
	some grant in _members_of(holder, "grants")
]

_with_policies(grant) := object.union(grant, {"policies": policies}) if {
	is_array(grant.policies)
	policies := [_policy(id) | some id in grant.policies]
}

else := null

# A null is refused where the form is checked: what the bundle lacks could be a Deny.

_group(id) := group if group := data.scopegate_identity.groups[id]

else := null

_policy(id) := policy if policy := data.scopegate_identity.policies[id]

else := null

_members_of(record, name) := list if {
	is_object(record)
	list := object.get(record, name, [])
	is_array(list)
}

else := [null]
