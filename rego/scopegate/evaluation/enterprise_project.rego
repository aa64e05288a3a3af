package scopegate.evaluation

import data.scopegate.path
import data.scopegate.route

# METADATA
# title: The enterprise project of the request
# description: |
#   Whoever knows the resource tells it, the asker before the operator's identity bundle; a list is selected by its
#   query. Undefined where there is none.
enterprise_project := id if id := input.resource.enterprise_project_id

else := enterprise_project_of_path if enterprise_project_of_path

else := id if {
	some id in _selection
	id != "all_granted_eps"
}

_asks_for_all if "all_granted_eps" in _selection

# None or one: several are malformed, and an empty value names none.
_selection := path.enterprise_projects - {""} if {
	route.is_of_queried_enterprise_projects
	not input.resource.enterprise_project_id
	not enterprise_project_of_path
}

# METADATA
# title: The enterprise project of the resources that the path names
# description: Where one of them is unknown, or two are of different ones, nobody can say which counts.
enterprise_project_of_path := id if {
	parameters := data.scopegate_identity.resource_parameters
	ids := {_enterprise_project_of(parameter, path.segments[position]) |
		some position, part in split(trim_prefix(route.provenance.path, "/"), "/")
		parameter := trim(part, "{}")
		parameter in parameters
	}
	count(ids) == 1
	some id in ids
	is_string(id)
}

_enterprise_project_of(parameter, value) := id if {
	id := data.scopegate_identity.enterprise_projects[parameter][value]
}

else := null

# METADATA
# title: What the answer to a request for all enterprise projects must be filtered by
# description: Null where the answer needs no filter.
# scope: document
default enterprise_projects := null

enterprise_projects := _sufficient_enterprise_projects if {
	route.is_of_queried_enterprise_projects
	_asks_for_all
	granted != route.required
}

# METADATA
# title: The enterprise projects that the request could have named
enterprise_projects_to_name := _sufficient_enterprise_projects if {
	route.counts_in_enterprise_project
	not enterprise_project
	not _asks_for_all
}
