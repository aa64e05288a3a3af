package scopegate

import data.scopegate.schemas

# A configuration that says something else than was meant could open what it should not, so one at fault opens nothing.
is_configuration_in_order if not whole_configuration

# The schema takes a third of the time of a decision. Most configurations plainly satisfy it.
else if regex.match(ordinary_configuration, json.marshal(whole_configuration))

else := matches if [matches, _] := json.match_schema(whole_configuration, schemas.config)

# Undefined where the operator gave none.
whole_configuration := {"scopegate_config": document} if {
	# Also where it is false, or anything else that is no configuration.
	# regal ignore:unresolved-reference
	document := data.scopegate_config
}

# As in ordinary.rego: JSON with sorted members, matched in one pass.
ordinary_configuration := concat("", [
	`^\{"scopegate_config":\{(?:"gateways":\{(?:"apisix":\{`,
	`(?:"headers":\{(?:"domain_id":"[^"\\]+",)?"id":"[^"\\]+"(?:,"project_id":"[^"\\]+")?\},?)?`,
	`(?:"labels":\{(?:"domain_id":"[^"\\]+",)?"id":"[^"\\]+"(?:,"project_id":"[^"\\]+")?\},?)?`,
	`(?:"path_header":"[^"\\]+")?\},?)?(?:"envoy":\{`,
	`(?:"claims":\{(?:"domain_id":\[(?:"[^"\\]+",?)+\],)?"id":\[(?:"[^"\\]+",?)+\]`,
	`(?:,"project_id":\[(?:"[^"\\]+",?)+\])?\},?)?`,
	`(?:"headers":\{(?:"domain_id":"[^"\\]+",)?"id":"[^"\\]+"(?:,"project_id":"[^"\\]+")?\},?)?`,
	`(?:"namespace":"[^"\\]+",?)?(?:"payload":"[^"\\]+")?\},?)?(?:"filtered_lists":(?:true|false),?)?(?:"kong":\{`,
	`(?:"headers":\{(?:"domain_id":"[^"\\]+",)?"id":"[^"\\]+"(?:,"project_id":"[^"\\]+")?\},?)?`,
	`(?:"path_header":"[^"\\]+")?\},?)?(?:"service":"[^"\\]+",?)?(?:"services":\{(?:"[^"\\]+":"[^"\\]+",?)*\},?)?`,
	`(?:"shadow":(?:true|false))?\},?)?(?:"identities":(?:true|false),?)?`,
	`(?:"routes":\[(?:\{"methods":\[(?:"[^"\\]+",?)+\],"(?:path|prefix)":"[^"\\]+"\},?)*\])?\}\}$`,
])
