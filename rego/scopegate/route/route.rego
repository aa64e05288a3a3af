# METADATA
# title: The table row
# description: Which documented route a request is, and what that requires.
# scope: subpackages
# schemas:
#   - input: schema.input
package scopegate.route

import data.scopegate.configuration
import data.scopegate.path
import data.scopegate.routes

# METADATA
# title: The documented route of the request, as the decision names it
# description: Undefined where there is none, and where the input is malformed.
provenance := data.scopegate.bundle.routes[requirement[0]]

# METADATA
# title: The actions that the request requires, all of them
required := {action | some action in requirement[1]}

# METADATA
# title: Whether a grant in an IAM project counts
counts_in_iam_project if contains(requirement[2], "iam_project")

# METADATA
# title: Whether a grant in an enterprise project counts
counts_in_enterprise_project if contains(requirement[2], "enterprise_project")

# METADATA
# title: Whether the query says which enterprise projects are asked about, as in a list
is_of_queried_enterprise_projects if contains(requirement[2], "enterprise_projects")

# METADATA
# title: Whether the path names another project than the token
names_another_project if {
	some position in requirement[3]
	not path.segments[position] == input.subject.project_id
}

# METADATA
# title: What the request requires
# description: |
#   The key of the route or of the case of it, the actions, the scopes where a grant counts, and the positions of the
#   project in the path. Undefined where there is no such route, and where the input is malformed.
requirement := _documented if count(_documented) == 4

else := [concat(" ", [_documented[0], names[0]]), actions, scopes, _documented[3]] if {
	not lacks_body
	cases := _cases_of(_documented)
	names := [name | some name, [discriminator, _, _] in cases; _is_of(discriminator)]
	count(names) == 1
	[_, actions, scopes] := cases[names[0]]
}

# A request of none of the cases, or of several, needs what all of them do.
else := array.slice(_documented, 0, 4)

# METADATA
# title: Whether the input has no body, and a case of the route is told by it
lacks_body if {
	some [discriminator, _, _] in _cases_of(_documented)
	discriminator[0] == "body"
	not _has_body
}

# Also one that is null or false. As an expression of its own: OPA takes what is undefined out of a `not`.
_has_body if count([input.request.body]) == 1

# As it stands in the rules: what needs no case, and the cases, where there are any.
_documented := methods[input.request.method]

# OPA's types know where no rule has any, and then refuse to look.
_cases_of(documented) := cases if some cases in array.slice(documented, 4, 5)

# Of anything but an object a member is undefined. What is null or false is one.
_is_of(["body", name]) if count([input.request.body[name]]) == 1

_is_of(["body", name, value]) if input.request.body[name] == value

_is_of(["query", name, value]) if {
	count(path.query[name]) > 0
	every given in path.query[name] {
		given == value
	}
}

# METADATA
# title: What is documented for this path, by method
methods := template if {
	# Where one alone has the service, as in most bundles, nothing else is looked at.
	not input.request.provider
	of_service := data.scopegate.bundle.apis[service]
	count(of_service) == 1
	some api in of_service
	template := _template(api, path.segments)
}

else := template if {
	api := data.scopegate.bundle.apis[service][input.request.provider]
	template := _template(api, path.segments)
}

else := template if {
	count(apis) == 1
	some template in apis
}

# METADATA
# title: The APIs that document this path
# description: |
#   An API is a service's at a provider, `huaweicloud/evs`; of those that the request is for, as far as it says so.
apis[api] := template if {
	# Of the data.json that the build adds.
	some name, by_provider in data.scopegate.bundle.apis
	_is_meant(name)
	some provider, api in by_provider
	_is_of_provider(provider)
	template := _template(api, path.segments)
}

_is_meant(name) if name == service

else if not service

_is_of_provider(provider) if provider == input.request.provider

else if not input.request.provider

# METADATA
# title: The service that the request is for
# description: |
#   As far as it says so. Its host counts only where the operator named endpoint prefixes: a caller can send any.
service := name if name := input.request.service

else := name if {
	# regal ignore:unresolved-reference
	prefixes := data.scopegate_config.endpoint_prefixes
	name := prefixes[lower(split(split(input.request.host, ":")[0], ".")[0])]
	configuration.is_in_order
}

# METADATA
# title: What a route requires, or a case of it, by its key
# description: As a request of it would. A template fits itself, since a parameter's name is a segment like any other.
requirement_of(key) := {"actions": actions, "scopes": split(scopes, ", ")} if {
	parts := split(key, " ")
	segments := split(trim_prefix(parts[2], "/"), "/")
	documented := _template(parts[0], segments)[parts[1]]
	documented[0] == concat(" ", array.slice(parts, 0, 3))
	[actions, scopes] := _required_in(array.slice(parts, 3, count(parts)), documented)
}

_required_in([], documented) := [documented[1], documented[2]]

_required_in([name], documented) := [actions, scopes] if [_, actions, scopes] := _cases_of(documented)[name]

# The one place that refers to the routes: for each, OPA notes for each of the routes that it depends on it.
_template(api, segments) := routes.template(array.concat([api], segments))
