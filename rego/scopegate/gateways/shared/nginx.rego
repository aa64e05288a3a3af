package scopegate.gateways.shared

# What gateways on nginx have in common. Their Lua gives a path that nginx has decoded and put in order; and it gives
# a hundred headers, and as many values of a query, and leaves out the rest without a word.

# `given` has method, path, query, headers and body, as far as the gateway tells them; `settings` is its part of the
# configuration, and `places` are its own route and service.
asked_of_nginx(given, settings, subject, places) := {
	"question": {
		"request": object.union_n([
			object.filter(given, ["method", "body"]),
			path_and_query(given, settings),
			{"service": service | some service in service_of_places(places)},
		]),
		"subject": subject,
		"resource": {},
	},
	"header_names": {header | some header, _ in given.headers; is_string(header)},
	"faults": faults_of_nginx(given, settings),
}

# Where the operator names a header with the path and the query as they came, nothing else counts.
path_and_query(given, settings) := {"path": path | path := given.headers[settings.path_header]} if settings.path_header

else := object.union(object.filter(given, ["path"]), {"query": listed_query(given.query)}) if {
	is_object(given.query)
	count(given.query) > 0
}

else := object.filter(given, ["path"])

# The core has lists of strings. Here a name without `=` has the value true.
listed_query(query) := {key: [text(each) | some each in as_list(value)] | some key, value in query}

text(value) := "" if value == true

else := value

as_list(value) := value if is_array(value)

else := [value]

# The service of the tables, by what the operator calls the gateway's route or service. None or one.
service_of_places(places) := array.slice(found, 0, 1) if {
	found := [service |
		some place in places
		some key in ["id", "name"]
		service := configuration.services[place[key]]
	]
	count(found) > 0
}

else := [service | service := configuration.service]

faults_of_nginx(given, settings) := {fault |
	some fault in [fault_of_headers(given), fault_of_query(given), fault_of_path(given, settings)]
	fault != null
}

fault_of_headers(given) := "the gateway tells of no headers" if not is_object(given.headers)

else := "the request has a hundred headers or more" if count_values(given.headers) > 99

else := null

fault_of_query(given) := "the gateway tells of no query" if not is_object(given.query)

else := "the query of the request has a hundred values or more" if count_values(given.query) > 99

else := null

# What nginx decoded may mean something else to a server that gets it escaped: a path is taken for what it was if none
# of its characters has to be escaped.
fault_of_path(given, settings) := "request.path is malformed: it holds other than plain characters" if {
	not settings.path_header
	is_string(given.path)
	not regex.match(`^[\w.~!$&'()*+,=:@/-]*$`, given.path)
}

else := null

count_values(values) := count([1 | some value in values; some _ in as_list(value)])
