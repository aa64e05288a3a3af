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
	"response_headers_to_add": response_headers,
	"dynamic_metadata": dynamic_metadata,
	"decision": shared.logged(verdict),
} if {
	shared.is_let_through(verdict)
}

else := {
	"allowed": false,
	"http_status": shared.status(verdict),
	"headers": {"content-type": "application/json", "x-scopegate-reason": verdict.reason},
	"body": json.marshal(shared.error(verdict, shared.answering_service(question))),
	"dynamic_metadata": dynamic_metadata,
	"decision": shared.logged(verdict),
}

verdict := shared.verdict({"question": question, "header_names": header_names, "faults": faults})

question := {"request": request, "subject": subject, "resource": resource}

sent := input.attributes.request.http

default settings := {}

settings := shared.configuration.envoy

request["method"] := sent.method

# As in the request line. What OPA-Envoy parsed is decoded before it is split, and so another path.
request["path"] := sent.path

request["service"] := service

# A body that was cut off is none.
request["body"] := input.parsed_body if {
	input.parsed_body != null
	input.truncated_body == false
	not is_partial
}

# Envoy says so of each body that it sends, whatever the caller says.
is_partial if sent.headers["x-envoy-auth-partial-body"] != "false"

# The operator's word on the route, never the caller's Host.
service := name if name := input.attributes.contextExtensions.service

else := name if name := shared.configuration.service

resource["enterprise_project_id"] := input.attributes.contextExtensions.enterprise_project_id

# Headers come from the caller, so they count only where the operator names them. Then nothing else does.
subject[member] := sent.headers[header] if some member, header in settings.headers

# Else it is whom a filter of Envoy found calling, by the claims of the token.
subject[member] := claim if {
	not settings.headers
	is_object(payload)
	some member, path in object.get(settings, "claims", default_claims)
	is_array(path)
	claim := object.get(payload, path, null)
	claim != null
}

default_claims := {"id": ["sub"], "project_id": ["project_id"], "domain_id": ["domain_id"]}

# What the filter that verifies tokens put into its metadata.
payload := input.attributes.metadataContext.filterMetadata[namespace][key] if {
	namespace := object.get(settings, "namespace", "envoy.filters.http.jwt_authn")
	key := object.get(settings, "payload", "jwt_payload")
}

# Where Envoy is told to send them as bytes, they are in a list.
header_names := object.keys(sent.headers) if {
	is_object(sent.headers)
	not sent.headerMap
}

else := {name | some name, _ in sent.headers; is_string(name)} | {header.key |
	some header in sent.headerMap.headers
	is_string(header.key)
}

# Every request has some, so without them there is nothing to tell what they ask for.
faults contains "the gateway tells of no headers" if count(header_names) == 0

# Envoy writes one in the place of each byte that is no UTF-8, which HTTP/2 lets through, and hands on the byte itself.
faults contains "request.path is malformed: it holds a `!`" if {
	is_string(sent.path)
	contains(sent.path, "!")
}

dynamic_metadata := object.filter(verdict, ["allow", "reason", "enterprise_projects"])

response_headers["x-scopegate-reason"] := verdict.reason if not verdict.allow

response_headers["x-scopegate-shadow"] := "deny" if not verdict.allow

# Escaped, so that an id is one, whatever it holds.
response_headers["x-scopegate-enterprise-projects"] := concat(",", ids) if {
	verdict.allow
	ids := [urlquery.encode(id) | some id in verdict.enterprise_projects]
	ids != []
}
