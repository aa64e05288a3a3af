package scopegate.path

# METADATA
# title: The values that the query gives to enterprise_project_id
enterprise_projects := {id | some id in query.enterprise_project_id}

# METADATA
# title: The query
# description: The lists of values, by name. Undefined where there is none.
query := given if given := input.request.query

else := urlquery.decode_object(_raw_query)

# What follows the first `?`; undefined where there is none.
_raw_query := substring(input.request.path, position + 1, -1) if {
	position := indexof(input.request.path, "?")
	position >= 0
}

# Less `;` (some servers split at it), `#` and whatever is not printable ASCII.
_form_encoded := concat("", [
	`^(?:[!"$&-:<-~]|(?i:`,
	`%[0-7][0-9A-F]|%C2%[89AB][0-9A-F]|`,
	_escaped_multibyte,
	`))*$`,
])

_fault_of_query_in_path := "request.path is malformed: its query must be form-encoded" if {
	not regex.match(_form_encoded, _raw_query)
}

else := "request.query is malformed: request.path has a query too" if input.request.query

# OPA decodes no more, and what it does not decode would be no query.
else := "request.path is malformed: its query has more than 10000 parts" if count(split(_raw_query, "&")) > 10000

else := "request.path is malformed: enterprise_project_id must have one value" if {
	count(enterprise_projects) > 1
}

_fault_of_query := "request.query is malformed: a name or value holds a `;`" if {
	some name, values in input.request.query
	some text in array.concat([name], values)
	contains(text, ";")
}

else := "request.query is malformed: enterprise_project_id must have one value" if {
	count(enterprise_projects) > 1
}
