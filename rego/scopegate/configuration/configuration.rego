# METADATA
# title: The operator's configuration
# description: docs/configuration.md lists what it may hold.
package scopegate.configuration

import data.scopegate.schemas

# METADATA
# title: Whether the configuration has the form that it must have, or there is none
# description: One that says something else than was meant could open what it should not, so it opens nothing.
is_in_order if not _document

# The schema takes a third of the time of a decision. Most configurations plainly satisfy it.
else if schemas.plain_config(sprintf("%v", [[_document]]))

else := matches if [matches, _] := json.match_schema(_document, schemas.config)

# METADATA
# title: What is wrong with the configuration
# description: With the member's name. Undefined where it is in order.
fault := min([concat(": ", [error.field, error.desc]) | some error in json.match_schema(_document, schemas.config)[1]])

# Undefined where the operator gave none.
_document := {"scopegate_config": document} if {
	# Also where it is false, or anything else that is no configuration.
	# regal ignore:unresolved-reference
	document := data.scopegate_config
}
