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
	"decision": shared.log_entry(_verdict),
} if {
	shared.is_let_through(_verdict)
}

else := {
	"allow": false,
	"status_code": shared.status(_verdict),
	"headers": {"content-type": "application/json", "x-scopegate-reason": _verdict.reason},
	"reason": json.marshal(shared.error(_verdict, shared.answering_service(_inquiry.question))),
	"decision": shared.log_entry(_verdict),
}

_verdict := shared.verdict(_inquiry)

_inquiry := shared.inquiry_of_nginx(_request, _settings, _subject, _places)

_settings := shared.settings_of("apisix")

_request["method"] := input.request.method

_request["path"] := input.request.path

_request["query"] := input.request.query

_request["headers"] := input.request.headers

_places := array.concat([place | place := input.route], [place | place := input.service])

# Headers come from the caller, so they count only where the operator names them. Then nothing else does.
_subject[member] := _request.headers[header] if some member, header in _settings.headers

# Else it is the consumer whom a plugin of APISIX found calling, by what the operator wrote on its labels.
_subject[member] := value if {
	not _settings.headers
	some member, value in _consumer
}

_consumer["id"] := _consumer_id

_consumer["project_id"] := input.consumer.labels[_labels.project_id]

_consumer["domain_id"] := input.consumer.labels[_labels.domain_id]

_consumer_id := id if id := input.consumer.labels[_labels.id]

else := id if id := input.consumer.username

default _labels := {"id": "subject_id", "project_id": "project_id", "domain_id": "domain_id"}

_labels := _settings.labels
