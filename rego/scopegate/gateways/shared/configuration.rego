package scopegate.gateways.shared

# METADATA
# title: What the operator set for gateways
# description: docs/configuration.md lists it with what holds where it is absent.
# scope: document
default configuration := {}

# regal ignore:unresolved-reference
configuration := data.scopegate_config.gateways

# METADATA
# title: What the operator set for one gateway
# description: An object, also where the configuration is at fault.
settings_of(gateway) := settings if {
	settings := configuration[gateway]
	is_object(settings)
}

else := {}
