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
	"decision": shared.log_entry(_verdict),
} if {
	shared.is_let_through(_verdict)
}

else := {
	"allow": false,
	"status": shared.status(_verdict),
	"headers": {"x-scopegate-reason": _verdict.reason},
	"message": shared.error(_verdict, shared.answering_service(_inquiry.question)),
	"decision": shared.log_entry(_verdict),
}

_verdict := shared.verdict(_inquiry)

_inquiry := shared.inquiry_of_nginx(_request, _settings, _subject, _places)

_settings := shared.settings_of("kong")

_http := input.request.http

_request.method := _http.method

_request.path := _http.path

_request.query := _http.querystring

_request.headers := _http.headers

_request.body := _http.parsed_body if _http.parsed_body != null

_places := array.concat([place | place := input.route], [place | place := input.service])

# Headers come from the caller, so they count only where the operator names them. Then nothing else does.
_subject[member] := _request.headers[header] if some member, header in _settings.headers

# Else it is the consumer whom a plugin of Kong found calling, and what the operator wrote on its tags.
_subject[member] := value if {
	not _settings.headers
	some member, value in _consumer
}

_consumer.id := _consumer_id

_consumer[scope] := value if {
	some scope, values in _tags
	scope in ["project_id", "domain_id"]
	count(values) == 1
	some value in values
}

_consumer_id := id if {
	id := input.consumer.custom_id
	id != null
}

else := id if id := input.consumer.username

# Kong's tags are no pairs: `project_id:p1`.
_tags[key] contains value if {
	some tag in input.consumer.tags
	is_string(tag)
	[key, value] := split(tag, ":")
}
