# METADATA
# title: The table row
# description: Which documented route a request is, and what that requires.
# scope: subpackages
# schemas:
#   - input: schema.input
package scopegate.route

import data.scopegate.path
import data.scopegate.routes

# METADATA
# title: What the one route of this request requires
# description: Undefined where there is none, and where the input is malformed.
requirement := json.unmarshal(methods[input.request.method]) if not path.fault

# METADATA
# title: What is documented for this path, by method
methods := template if template := routes.template(input.request.service, path.segments)

else := template if {
	not input.request.service
	count(services) == 1
	some template in services
}

# METADATA
# title: The services that document this path, where the request names none
services[service] := template if {
	# Of the data.json that the build adds.
	some service in data.scopegate.bundle.services
	template := routes.template(service, path.segments)
}

# METADATA
# title: The actions that the request requires
required := {action | some action in requirement.actions}
