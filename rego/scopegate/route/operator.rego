package scopegate.route

import data.scopegate.configuration
import data.scopegate.path

# METADATA
# title: Whether the operator lets the request through
# description: |
#   Routes that the vendor documents nowhere: health checks, `OPTIONS`. Whoever calls; so nothing but the method and the
#   path is looked at. What a table documents is never opened in this way.
is_of_operator if {
	is_string(input.request.path)

	some entry in data.scopegate_config.routes
	input.request.method in entry.methods
	_is_listed(entry)
	not _is_documented
	configuration.is_in_order
}

_is_listed(entry) if {
	is_string(entry.path)
	split(entry.path, "/") == array.concat([""], path.decoded_segments)
}

# A prefix is one of whole segments, with or without a slash at its end.
_is_listed(entry) if {
	is_string(entry.prefix)
	prefix := split(trim_suffix(entry.prefix, "/"), "/")
	prefix[0] == ""
	array.slice(array.concat([""], path.decoded_segments), 0, count(prefix)) == prefix
}

# By any API, and however a server reads it: some make no difference for a slash at the end, others answer HEAD as
# they answer GET.
_is_documented if {
	# Of the data.json that the build adds.
	some by_provider in data.scopegate.bundle.apis
	some api in by_provider
	some segments in {path.decoded_segments, split(trim_suffix(concat("/", path.decoded_segments), "/"), "/")}
	some spelling in _spellings(api, segments)
	some method in {input.request.method, object.get({"HEAD": "GET"}, input.request.method, input.request.method)}
	_template(api, spelling)[method]
}
