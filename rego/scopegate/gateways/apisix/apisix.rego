# METADATA
# title: Apache APISIX
# description: The entry point for its plugin opa.
package scopegate.gateways.apisix

import data.scopegate.gateways.shared

# METADATA
# title: What APISIX does with a request
# description: An object, defined for every input.
# entrypoint: true
answer := {
	"allow": true,
	# The upstream gets the request as it was.
	"headers": {},
	"decision": shared.logged(verdict),
} if {
	shared.is_let_through(verdict)
}

else := {
	"allow": false,
	"status_code": shared.status(verdict),
	"headers": {"content-type": "application/json", "x-scopegate-reason": verdict.reason},
	"reason": json.marshal(shared.error(verdict, shared.answering_service(asked.question))),
	"decision": shared.logged(verdict),
}

verdict := shared.verdict(asked)

asked := shared.asked_of_nginx(given, settings, subject, places)

default settings := {}

settings := shared.configuration.apisix

given["method"] := input.request.method

given["path"] := input.request.path

given["query"] := input.request.query

given["headers"] := input.request.headers

places := array.concat([place | place := input.route], [place | place := input.service])

# Headers come from the caller, so they count only where the operator names them. Then nothing else does.
subject[member] := given.headers[header] if some member, header in settings.headers

# Else it is the consumer whom a plugin of APISIX found calling, by what the operator wrote on its labels.
subject[member] := value if {
	not settings.headers
	some member, value in consumer
}

consumer["id"] := consumer_id

consumer["project_id"] := input.consumer.labels[labels.project_id]

consumer["domain_id"] := input.consumer.labels[labels.domain_id]

consumer_id := id if id := input.consumer.labels[labels.id]

else := id if id := input.consumer.username

default labels := {"id": "subject_id", "project_id": "project_id", "domain_id": "domain_id"}

labels := settings.labels
