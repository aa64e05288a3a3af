package scopegate

import data.scopegate.schemas

# What is faulty is never skipped, since what is skipped could be a Deny.

is_well_formed if {
	is_ordinary
	count(claimed_members) == 0
}

else if not fault

# Says which member is faulty; undefined where none is.
fault := "the input must be an object" if not validation

else := concat(" ", [
	"subject is malformed: where identities are configured it may not bring",
	concat(", ", claimed_members),
]) if {
	count(claimed_members) > 0
}

else := min({message_of_error(error) | some error in validation.errors}) if not validation.matches

else := "request.path is malformed: it must be in canonical form" if not segments

else := min(faults_of_patterns) if count(faults_of_patterns) > 0

else := fault_of_query_in_path if contains(input.request.path, "?")

else := "request.query is malformed: a name or value holds a `;`" if {
	some name, values in input.request.query
	some text in array.concat([name], values)
	contains(text, ";")
}

else := "request.query is malformed: enterprise_project_id must have one value" if {
	count(queried_enterprise_projects) > 1
}

# Undefined where the input is no object: the builtin would take a string for a document.
validation := {"matches": matches, "errors": errors} if {
	is_object(question)
	[matches, errors] := json.match_schema(question, schemas.question)
}

message_of_error(error) := concat(" ", [member_of(concat(".", [error.field, name])), "is missing"]) if {
	error.type == "required"
	name := trim_suffix(error.desc, " is required")
}

else := concat(" ", [member_of(error.field), "is malformed:", words_for_alternatives(error.field)]) if {
	error.type in {"number_any_of", "number_one_of"}
}

else := concat(" ", [member_of(error.field), "is malformed:", error.desc])

words_for_alternatives("subject") := "exactly one of project_id and domain_id"

words_for_alternatives(field) := "exactly one of iam_project, domain, enterprise_project, all_resources" if {
	endswith(field, ".scope")
}

words_for_alternatives(field) := "exactly one of Action and NotAction" if regex.match(`\.Statement\.\d+$`, field)

# The schema's `(Root).subject.grants.0`, as everybody writes it.
member_of(field) := regex.replace(trim_prefix(field, "(Root)."), `\.(\d+)`, "[$1]")

# What strings hold is no matter of the schema: OPA before 1.17 passes over its patterns.
faults_of_patterns contains sprintf(message, [i, j, k, name, n]) if {
	message := "subject.grants[%d].policies[%d].Statement[%d].%s[%d] is malformed: must be ASCII, no blanks"
	some i, grant in question.subject.grants
	some j, policy in grant.policies
	some k, statement in policy.Statement
	some name in ["Action", "NotAction"]
	some n, pattern in statement[name]
	not regex.match(`^[!-~]+$`, pattern)
}

fault_of_query_in_path := "request.path is malformed: its query must be form-encoded" if {
	not regex.match(form_encoded_query, raw_query)
}

else := "request.query is malformed: request.path has a query too" if input.request.query

else := "request.path is malformed: enterprise_project_id must have one value" if {
	count(queried_enterprise_projects) > 1
}
