package scopegate

import data.scopegate.routes

# What the one route of this request requires; undefined where there is none.
requirement := json.unmarshal(template[input.request.method])

# An object from method to requirement. These are JSON, since OPA keeps a string in a third of the memory.
template := found if found := routes.template(input.request.service, segments)

else := found if {
	not input.request.service
	count(templates) == 1
	some found in templates
}

# Where the request names no service: the services that document its path.
templates[service] := found if {
	# Of the data.json that the build adds.
	some service in data.scopegate.bundle.services
	found := routes.template(service, segments)
}
