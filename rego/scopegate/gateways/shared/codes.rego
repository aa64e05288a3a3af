package scopegate.gateways.shared

# Reasons that are answered with another status than 403.
_statuses := {
	"malformed_request": 400,
	"overridden_request": 400,
	"near_literal": 400,
	"project_mismatch": 400,
	"unauthenticated": 401,
	"invalid_configuration": 500,
}

# By service and reason, the code that the service itself answers with, as the vendor documents it.
_codes := {"evs": {
	"unauthenticated": "EVS.5401",
	"project_mismatch": "Common.0018",
	"explicitly_denied": "EVS.2056",
	"enterprise_project_required": "EVS.5403",
	"scope_unsupported": "EVS.5403",
	"action_not_granted": "EVS.5403",
}}
