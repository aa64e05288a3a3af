# METADATA
# title: Kong Gateway
# description: The entry point for its plugin opa.
package scopegate.gateways.kong

import data.scopegate.gateways.shared

# METADATA
# title: What Kong does with a request
# description: An object, defined for every input.
# entrypoint: true
answer := {
	"allow": true,
	# These would reach the upstream, which gets the request as it was.
	"headers": {},
	"decision": shared.logged(verdict),
} if {
	shared.is_let_through(verdict)
}

else := {
	"allow": false,
	"status": shared.status(verdict),
	"headers": {"x-scopegate-reason": verdict.reason},
	"message": shared.error(verdict, shared.answering_service(asked.question)),
	"decision": shared.logged(verdict),
}

verdict := shared.verdict(asked)

asked := shared.asked_of_nginx(given, settings, subject, places)

default settings := {}

settings := shared.configuration.kong

sent := input.request.http

given.method := sent.method

given.path := sent.path

given.query := sent.querystring

given.headers := sent.headers

given.body := sent.parsed_body if sent.parsed_body != null

places := array.concat([place | place := input.route], [place | place := input.service])

# Headers come from the caller, so they count only where the operator names them. Then nothing else does.
subject[member] := given.headers[header] if some member, header in settings.headers

# Else it is the consumer whom a plugin of Kong found calling, and what the operator wrote on its tags.
subject[member] := value if {
	not settings.headers
	some member, value in consumer
}

consumer.id := consumer_id

consumer[scope] := value if {
	some scope, values in tagged
	scope in ["project_id", "domain_id"]
	count(values) == 1
	some value in values
}

consumer_id := id if {
	id := input.consumer.custom_id
	id != null
}

else := id if id := input.consumer.username

# Kong's tags are no pairs: `project_id:p1`.
tagged[key] contains value if {
	some tag in input.consumer.tags
	is_string(tag)
	[key, value] := split(tag, ":")
}
