package scopegate.gateways.shared

# METADATA
# title: The HTTP status for a caller who is not let through
status(decision) := object.get(_statuses, decision.reason, 403)

# METADATA
# title: What such a caller is told
# description: In the vendor's own shape, and with its codes where they are known.
error(decision, service) := {"error": {"code": _code(decision, service), "message": _words(decision)}}

# Of what is wrong with the configuration a caller learns nothing.
_words(decision) := "scopegate is not configured as it must be" if decision.reason == "invalid_configuration"

else := _allows_no(decision.denied) if decision.reason == "explicitly_denied"

else := _allows_no(decision.missing) if count(decision.missing) > 0

else := decision.message

_allows_no(actions) := sprintf("Policy doesn't allow %s to be performed.", [concat(", ", actions)])

# Where the vendor documents no code there is one of ours, which can't be taken for one of the vendor's.
_code(decision, service) := known if known := _codes[service][decision.reason]

else := concat(".", ["scopegate", decision.reason])

# The service of a request that names none, where the bundle has one alone.
_only_service := service if {
	# Of the data.json that the build adds.
	# regal ignore:unresolved-reference
	services := object.keys(data.scopegate.bundle.apis)
	count(services) == 1
	some service in services
}

# METADATA
# title: The service that answers, as far as it is known
answering_service(question) := service if service := question.request.service

else := service if service := _only_service

else := null
