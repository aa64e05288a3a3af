package scopegate

# The enterprise project of the request: whoever knows the resource tells it; a list is selected by its query.
# Undefined where there is none.
enterprise_project := id if id := input.resource.enterprise_project_id

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
}

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
