# METADATA
# title: Envoy
# description: The entry point for OPA-Envoy, which speaks Envoy's external authorization.
package scopegate.gateways.envoy

import data.scopegate.gateways.shared

# METADATA
# title: What Envoy does with a request
# description: An object, defined for every input.
# entrypoint: true
answer := {
	"allowed": true,
	# These would reach the upstream, which gets the request as it was.
	"headers": {},
	"response_headers_to_add": _response_headers,
	"dynamic_metadata": _dynamic_metadata,
	"decision": shared.log_entry(_verdict),
} if {
	shared.is_let_through(_verdict)
}

else := {
	"allowed": false,
	"http_status": shared.status(_verdict),
	"headers": {"content-type": "application/json", "x-scopegate-reason": _verdict.reason},
	"body": json.marshal(shared.error(_verdict, shared.answering_service(_question))),
	"dynamic_metadata": _dynamic_metadata,
	"decision": shared.log_entry(_verdict),
}

_verdict := shared.verdict({"question": _question, "header_names": _header_names, "faults": _faults})

_question := {"request": _request, "subject": _subject, "resource": _resource}

_http := input.attributes.request.http

_settings := shared.settings_of("envoy")

_request["method"] := _http.method

# As in the request line. What OPA-Envoy parsed is decoded before it is split, and so another path.
_request["path"] := _http.path

_request["service"] := _service

_request["provider"] := _provider

# A host is the caller's word: it counts only where the operator named endpoint prefixes.
_request["host"] := _http.host if data.scopegate_config.endpoint_prefixes

# A body that was cut off is none.
_request["body"] := input.parsed_body if {
	input.parsed_body != null
	input.truncated_body == false
	not _is_partial
}

# Envoy says so of each body that it sends, whatever the caller says.
_is_partial if _http.headers["x-envoy-auth-partial-body"] != "false"

# The operator's word on the route, never the caller's Host.
_service := name if name := input.attributes.contextExtensions.service

else := name if name := shared.configuration.service

_provider := name if name := input.attributes.contextExtensions.provider

else := name if name := shared.configuration.provider

_resource["enterprise_project_id"] := input.attributes.contextExtensions.enterprise_project_id

# Headers come from the caller, so they count only where the operator names them. Then nothing else does.
_subject[member] := _http.headers[header] if some member, header in _settings.headers

# Else it is whom a filter of Envoy found calling, by the claims of the token.
_subject[member] := claim if {
	not _settings.headers
	is_object(_payload)
	some member, path in object.get(_settings, "claims", _default_claims)
	is_array(path)
	claim := object.get(_payload, path, null)
	claim != null
}

_default_claims := {"id": ["sub"], "project_id": ["project_id"], "domain_id": ["domain_id"]}

# What the filter that verifies tokens put into its metadata.
_payload := input.attributes.metadataContext.filterMetadata[namespace][key] if {
	namespace := object.get(_settings, "namespace", "envoy.filters.http.jwt_authn")
	key := object.get(_settings, "payload", "jwt_payload")
}

# Where Envoy is told to send them as bytes, they are in a list.
_header_names := object.keys(_http.headers) if {
	is_object(_http.headers)
	not _http.headerMap
}

else := {name | some name, _ in _http.headers; is_string(name)} | {header.key |
	some header in _http.headerMap.headers
	is_string(header.key)
}

# Every request has some, so without them there is nothing to tell what they ask for.
_faults contains "the gateway tells of no headers" if count(_header_names) == 0

# Envoy writes one in the place of each byte that is no UTF-8, which HTTP/2 lets through, and hands on the byte itself.
_faults contains "request.path is malformed: it holds a `!`" if {
	is_string(_http.path)
	contains(_http.path, "!")
}

_dynamic_metadata := object.filter(_verdict, ["allow", "reason", "enterprise_projects"])

_response_headers["x-scopegate-reason"] := _verdict.reason if not _verdict.allow

_response_headers["x-scopegate-shadow"] := "deny" if not _verdict.allow

# Escaped, so that an id is one, whatever it holds.
_response_headers["x-scopegate-enterprise-projects"] := concat(",", ids) if {
	_verdict.allow
	ids := [urlquery.encode(id) | some id in _verdict.enterprise_projects]
	ids != []
}
