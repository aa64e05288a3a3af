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
# title: The decoded segments of the path
# description: Undefined where it is malformed.
segments := split(substring(input.request.path, 1, -1), "/") if question.is_ordinary

else := decoded if {
	path := split(input.request.path, "?")[0]
	regex.match(_canonical, path)

	# In a path `+` is no blank.
	decoded := [urlquery.decode(replace(raw, "+", "%2B")) | some raw in split(substring(path, 1, -1), "/")]
	not "." in decoded
	not ".." in decoded
}

# METADATA
# title: What is wrong with the input, the path and the query included
# description: Undefined where nothing is.
fault := fault_of_question if fault_of_question := question.fault

else := _fault if not question.is_ordinary

_fault := "request.path is malformed: it must be in canonical form" if not segments

else := _fault_of_query

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
