package scopegate

# The values that the query gives to enterprise_project_id.
queried_enterprise_projects := {id | some id in query.enterprise_project_id}

query := given if given := input.request.query

else := urlquery.decode_object(raw_query) if regex.match(form_encoded_query, raw_query)

# What follows the first `?`; undefined where there is none.
raw_query := substring(input.request.path, indexof(input.request.path, "?") + 1, -1) if {
	contains(input.request.path, "?")
}

# Less `;` (some servers split at it), `#` and whatever is not printable ASCII.
form_encoded_query := concat("", [
	`^(?:[!"$&-:<-~]|(?i:`,
	`%[0-7][0-9A-F]|%C2%[89AB][0-9A-F]|`,
	escaped_multibyte,
	`))*$`,
])
