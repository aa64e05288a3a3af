package scopegate

import data.scopegate.routes

# Routes that the vendor documents nowhere, which the operator lets through: health checks, `OPTIONS`. Whoever calls;
# so nothing but the method and the path is looked at. What a table documents is never opened in this way.
is_operator_route if {
	is_string(input.request.path)

	some entry in data.scopegate_config.routes
	input.request.method in entry.methods
	is_listed(entry)
	not is_documented
	is_configuration_in_order
}

is_listed(entry) if {
	is_string(entry.path)
	split(entry.path, "/") == array.concat([""], segments)
}

# A prefix is one of whole segments, with or without a slash at its end.
is_listed(entry) if {
	is_string(entry.prefix)
	prefix := split(trim_suffix(entry.prefix, "/"), "/")
	prefix[0] == ""
	array.slice(array.concat([""], segments), 0, count(prefix)) == prefix
}

# By any service, and also without a slash at the end, since some servers make no difference.
is_documented if {
	# Of the data.json that the build adds.
	some service in data.scopegate.bundle.services
	some path in {segments, split(trim_suffix(concat("/", segments), "/"), "/")}
	routes.template(service, path)[input.request.method]
}
