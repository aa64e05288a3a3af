# METADATA
# title: The input
# description: Its form, and the grants that count.
# scope: subpackages
# schemas:
#   - input: schema.input
package scopegate.question

import data.scopegate.schemas

# METADATA
# title: The input, with the grants that count
# description: A subject brings its grants, also as null or false, which the schema then refuses; or it has an id.
document := input if some "grants", _ in input.subject

else := input if not input.subject.id

else := object.union(input, {"subject": _known_subject})

# METADATA
# title: The document as text, where it is plainly in order and each of its statements is evaluated
# description: The schema takes long, and most inputs match what scopegate makes of it, an expression over their text.
plain_text := text if {
	not _claims
	text := sprintf("%v", [[document]])
	schemas.plain_question(text)
	schemas.short_question(text)
}

else := _text if {
	not schemas.short_question(_text)
	not _excess
	not _claims
	schemas.plain_question(_text)
}

_text := sprintf("%v", [[document]])
