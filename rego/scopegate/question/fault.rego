package scopegate.question

import data.scopegate.configuration
import data.scopegate.schemas

# METADATA
# title: Which member of the input is faulty
# description: Undefined where none is. What is faulty is never skipped, since what is skipped could be a Deny.
fault := concat("", [
	"subject is malformed: where identities are configured it may not bring ",
	concat(", ", sort(_claims)),
	_fault_of_configuration,
]) if {
	_claims
}

else := "the input must be an object" if not _is_object

else := _of_its_source(_fault_of_document) if not plain_text

# One that is at fault closes as if it said so.
_fault_of_configuration := concat("", ["; the configuration is at fault, ", configuration.fault]) if {
	not configuration.is_in_order
}

else := ""

_is_object if is_object(document)

_fault_of_document := _excess if _excess

else := _message(error) if {
	error := min({[each.field, each.type, each.desc] | some each in json.match_schema(document, schemas.question)[1]})
}

else := sprintf(message, min(_malformed_patterns)) if {
	message := "subject.grants[%d].policies[%d].Statement[%d].%s[%d] is malformed: must be ASCII, no blanks"
}

_of_its_source(message) := concat("", ["in the identity bundle, ", message]) if {
	is_known_by_id
	startswith(message, "subject.grants")
}

else := message

_message([field, type, description]) := concat(" ", [_member(concat(".", [field, name])), "is missing"]) if {
	type == "required"
	name := trim_suffix(description, " is required")
}

else := concat(" ", [_member(field), "is malformed:", _alternatives(field)]) if {
	type in {"number_any_of", "number_one_of"}
}

else := concat(" ", [_member(field), "is malformed:", description])

_alternatives("subject") := "exactly one of project_id and domain_id"

_alternatives(field) := "exactly one of iam_project, domain, enterprise_project, all_resources" if {
	endswith(field, ".scope")
}

_alternatives(field) := "exactly one of Action and NotAction" if regex.match(`\.Statement\.\d+$`, field)

# The schema's `(Root).subject.grants.0`, as everybody writes it.
_member(field) := regex.replace(trim_prefix(field, "(Root)."), `\.(\d+)`, "[$1]")

# The characters of strings are no matter of the builtin: OPA before 1.17 passes over a schema's patterns.
_malformed_patterns contains [i, j, k, name, n] if {
	some i, grant in document.subject.grants
	some j, policy in grant.policies
	some k, statement in policy.Statement
	some name in ["Action", "NotAction"]
	some n, pattern in statement[name]
	not regex.match(schemas.question.definitions.patterns.items.characters, pattern)
}
