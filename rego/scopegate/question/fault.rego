package scopegate.question

import data.scopegate.schemas

# METADATA
# title: Which member of the input is faulty
# description: Undefined where none is. What is faulty is never skipped, since what is skipped could be a Deny.
fault := concat(" ", [
	"subject is malformed: where identities are configured it may not bring",
	concat(", ", _claims),
]) if {
	_claims
}

else := _fault_of_form if not plain_text

# Of objects alone: the builtin would take a string for a document.
_fault_of_form := _of_its_source(min(faults)) if {
	is_object(document)
	faults := {_message(error) | some error in json.match_schema(document, schemas.question)[1]}
	faults != set()
}

else := _of_its_source(min(_faults_of_patterns)) if _faults_of_patterns != set()

else := "the input must be an object" if not _is_object

_is_object if is_object(document)

_of_its_source(message) := concat("", ["in the identity bundle, ", message]) if {
	is_known_by_id
	startswith(message, "subject.grants")
}

else := message

_message(error) := concat(" ", [_member(concat(".", [error.field, name])), "is missing"]) if {
	error.type == "required"
	name := trim_suffix(error.desc, " is required")
}

else := concat(" ", [_member(error.field), "is malformed:", _alternatives(error.field)]) if {
	error.type in {"number_any_of", "number_one_of"}
}

else := concat(" ", [_member(error.field), "is malformed:", error.desc])

_alternatives("subject") := "exactly one of project_id and domain_id"

_alternatives(field) := "exactly one of iam_project, domain, enterprise_project, all_resources" if {
	endswith(field, ".scope")
}

_alternatives(field) := "exactly one of Action and NotAction" if regex.match(`\.Statement\.\d+$`, field)

# The schema's `(Root).subject.grants.0`, as everybody writes it.
_member(field) := regex.replace(trim_prefix(field, "(Root)."), `\.(\d+)`, "[$1]")

# The characters of strings are no matter of the builtin: OPA before 1.17 passes over a schema's patterns.
_faults_of_patterns contains sprintf(message, [i, j, k, name, n]) if {
	message := "subject.grants[%d].policies[%d].Statement[%d].%s[%d] is malformed: must be ASCII, no blanks"
	some i, grant in document.subject.grants
	some j, policy in grant.policies
	some k, statement in policy.Statement
	some name in ["Action", "NotAction"]
	some n, pattern in statement[name]
	not regex.match(schemas.question.definitions.patterns.items.characters, pattern)
}
