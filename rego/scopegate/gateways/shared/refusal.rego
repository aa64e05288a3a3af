package scopegate.gateways.shared

# What a caller is told who is not let through: in the vendor's own shape, and with its codes where they are known.

status(given) := object.get(statuses, given.reason, 403)

error(given, service) := {"error": {"code": code(given, service), "message": words(given)}}

# Of what is wrong with the configuration a caller learns nothing.
words(given) := "scopegate is not configured as it must be" if given.reason == "invalid_configuration"

else := allows_no(given.denied) if given.reason == "explicitly_denied"

else := allows_no(given.missing) if count(given.missing) > 0

else := given.message

allows_no(actions) := sprintf("Policy doesn't allow %s to be performed.", [concat(", ", actions)])

# Where the vendor documents no code there is one of ours, which can't be taken for one of the vendor's.
code(given, service) := known if known := codes[service][given.reason]

else := concat(".", ["scopegate", given.reason])

# The service of a request that names none, where the bundle has one alone.
only_service := service if {
	# Of the data.json that the build adds.
	# regal ignore:unresolved-reference
	services := data.scopegate.bundle.services
	count(services) == 1
	some service in services
}

# The service that answers, as far as it is known.
answering_service(question) := service if service := question.request.service

else := service if service := only_service

else := null
