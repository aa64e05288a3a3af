# METADATA
# title: The path
# description: |
#   A policy and a server that read a path differently are a hole, so there is one canonical form and all else is
#   refused. Each segment is decoded once; what might be a separator to some server never gets that far.
# scope: subpackages
# schemas:
#   - input: schema.input
package scopegate.path

import data.scopegate.question

# METADATA
# title: The segments of the path
# description: Undefined where it is malformed, and where anything else of the input is.
segments := _plain_segments(input.request.path) if {
	question.plain_text
	not input.request.query
}

else := decoded_segments if not fault

# METADATA
# title: The segments of the path, decoded
# description: Undefined where it is malformed.
decoded_segments := plain if plain := _plain_segments(_without_query)

else := [_text(segment) | some segment in split(substring(_without_query, 1, -1), "/")] if {
	regex.match(_canonical, _without_query)
	not regex.match(_dot_segment, _without_query)
}

_without_query := split(input.request.path, "?")[0]

# Of a path in which nothing has to be decoded.
_plain_segments(path) := split(substring(path, 1, -1), "/") if {
	regex.match(`^(?:/[\w~!$'()*+,=:@-][\w.~!$'()*+,=:@-]*)+$`, path)
}

# In a path `+` is no blank.
_text(segment) := urlquery.decode(replace(segment, "+", "%2B")) if contains(segment, "%")

else := segment

# METADATA
# title: What is wrong with the input, the path and the query included
# description: Undefined where nothing is.
fault := reason if reason := question.fault

else := concat(" ", ["request.path is malformed:", _broken_rule]) if not decoded_segments

else := _fault_of_query_in_path if _raw_query

else := _fault_of_query

# Which rule of the canonical form a path breaks that is not in it.
_broken_rule := "it does not begin with a slash" if not startswith(_without_query, "/")

else := "a segment before the last is empty" if {
	contains(_without_query, "//")
}

else := "a segment is `.` or `..`" if regex.match(_dot_segment, _without_query)

else := "it holds a `;`, or a character that has to be escaped" if {
	not regex.match(`^[\w.~!$&'()*+,=:@/%-]*$`, _without_query)
}

else := "a percent sign is not followed by two hexadecimal digits" if {
	regex.match(`%(?:[^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)`, _without_query)
}

else := "it escapes a slash, a backslash, a percent sign, a semicolon or a control character" if {
	regex.match(`(?i)%(?:2F|5C|25|3B|[01][0-9A-F]|7F|C2%[89][0-9A-F])`, _without_query)
}

else := "it escapes what is not UTF-8"

_dot_segment := `/(?:\.|%2[Ee]){1,2}(?:/|$)`

# RFC 3986's pchar, less `;` (servers that strip path parameters would see another route), and percent escapes of
# UTF-8, less those of `/`, `\`, `%`, `;` and control characters (C0, DEL, C1). Only the last segment may be empty.
_canonical := concat("", ["^/(?:", _segment_character, "+/)*", _segment_character, "*$"])

_segment_character := concat("", [
	`(?:[\w.~!$&'()*+,=:@-]|(?i:`,
	`%(?:2[0-46-9A-E]|3[0-9AC-F]|5[0-9ABD-F]|[46][0-9A-F]|7[0-9A-E])|%C2%[AB][0-9A-F]|`,
	_escaped_multibyte,
	`))`,
])

# Percent-encoded UTF-8 of two to four bytes (RFC 3629), from U+00C0 on.
_escaped_multibyte := concat("|", [
	`%(?:C[3-9A-F]|D[0-9A-F])%[89AB][0-9A-F]`,
	`%E0%[AB][0-9A-F]%[89AB][0-9A-F]`,
	`%E[1-9ABCEF](?:%[89AB][0-9A-F]){2}`,
	`%ED%[89][0-9A-F]%[89AB][0-9A-F]`,
	`%F0%[9AB][0-9A-F](?:%[89AB][0-9A-F]){2}`,
	`%F[1-3](?:%[89AB][0-9A-F]){3}`,
	`%F4%8[0-9A-F](?:%[89AB][0-9A-F]){2}`,
])
