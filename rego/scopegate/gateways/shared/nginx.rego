package scopegate.gateways.shared

# METADATA
# title: What a gateway on nginx asks
# description: |
#   `request` has method, path, query, headers and body, as far as the gateway tells them; `settings` is its part of the
#   configuration, and `places` are its own route and service. The Lua of such gateways gives a path that nginx has
#   decoded and put in order; and it gives a hundred headers, and as many values of a query, and leaves out the rest
#   without a word.
inquiry_of_nginx(request, settings, subject, places) := {
	"question": {
		# Put together by hand: builtins that join objects look into a body.
		"request": {name: value |
			some part in [
				{name: request[name] | some name in ["method", "body"]},
				_path_and_query(request, settings),
				{"service": service | some service in _service_of_places(places)},
				{"provider": name | name := configuration.provider},
			]
			some name, value in part
		},
		"subject": subject,
		"resource": {},
	},
	"header_names": _header_names(request) - {object.get(settings, "path_header", null)},
	"faults": _faults_of_nginx(request, settings),
}

_header_names(request) := {header | some header, _ in request.headers; is_string(header)}

# Where the operator names a header with the path and the query as they came, nothing else counts.
_path_and_query(request, settings) := {"path": path | path := request.headers[settings.path_header]} if {
	settings.path_header
}

else := object.union(object.filter(request, ["path"]), {"query": _query_of_lists(request.query)}) if {
	is_object(request.query)
	count(request.query) > 0
}

else := object.filter(request, ["path"])

# The core has lists of strings. Here a name without `=` has the value true.
_query_of_lists(query) := {key: [_text(each) | some each in _as_list(value)] | some key, value in query}

_text(value) := "" if value == true

else := value

_as_list(value) := value if is_array(value)

else := [value]

# The service of the tables, by what the operator calls the gateway's route or service. None or one.
_service_of_places(places) := array.slice(found, 0, 1) if {
	found := [service |
		some place in places
		some key in ["id", "name"]
		service := configuration.services[place[key]]
	]
	count(found) > 0
}

else := [service | service := configuration.service]

_faults_of_nginx(request, settings) := {fault |
	some fault in [_fault_of_headers(request), _fault_of_query(request), _fault_of_path(request, settings)]
	fault != null
}

_fault_of_headers(request) := "the gateway tells of no headers" if not _has_object(request, "headers")

else := "the request has a hundred headers or more" if _count_values(request.headers) > 99

else := null

_fault_of_query(request) := "the gateway tells of no query" if not _has_object(request, "query")

else := "the query of the request has a hundred values or more" if _count_values(request.query) > 99

else := null

# A rule of its own: OPA looks up what stands in a call before the `not` in front of it, and what is not there ends all.
_has_object(request, name) if is_object(request[name])

# What nginx decoded may mean something else to a server that gets it escaped: a path is taken for what it was if none
# of its characters has to be escaped.
_fault_of_path(request, settings) := "request.path is malformed: it holds other than plain characters" if {
	not settings.path_header
	is_string(request.path)
	not regex.match(`^[\w.~!$&'()*+,=:@/-]*$`, request.path)
}

else := null

_count_values(values) := count([1 | some value in values; some _ in _as_list(value)])
