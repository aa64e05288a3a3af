package scopegate

# The enterprise project of the request: whoever knows the resource tells it, the asker before the operator's identity
# bundle; a list is selected by its query. Undefined where there is none.
enterprise_project := id if id := input.resource.enterprise_project_id

else := enterprise_project_of_path if enterprise_project_of_path

else := id if {
	some id in selected_enterprise_projects
	id != "all_granted_eps"
}

asks_for_all_enterprise_projects if "all_granted_eps" in selected_enterprise_projects

# None or one: several are malformed, and an empty value names none.
selected_enterprise_projects := queried_enterprise_projects - {""} if {
	requirement.list
	requirement.enterprise_project == "supported"
	not input.resource.enterprise_project_id
	not enterprise_project_of_path
}

# Where one of the path's resources is unknown, or two are of different ones, nobody can say which counts.
enterprise_project_of_path := id if {
	ids := {enterprise_project_of(parameter, segments[position]) |
		some position, part in split(trim_prefix(requirement.route.path, "/"), "/")
		parameter := trim(part, "{}")

		parameter in data.scopegate_identity.resource_parameters
	}
	count(ids) == 1
	some id in ids
	is_string(id)
}

enterprise_project_of(parameter, value) := id if id := data.scopegate_identity.enterprise_projects[parameter][value]

else := null

default enterprise_projects := null

# What the answer to a request for all must be filtered by.
enterprise_projects := sufficient_enterprise_projects if {
	asks_for_all_enterprise_projects
	granted != required
}

# What the request could have named.
enterprise_projects_to_name := sufficient_enterprise_projects if {
	not enterprise_project
	not asks_for_all_enterprise_projects
}
