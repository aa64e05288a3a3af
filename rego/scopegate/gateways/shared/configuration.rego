package scopegate.gateways.shared

# What the operator set for gateways; docs/configuration.md lists it with what holds where it is absent.
default configuration := {}

# regal ignore:unresolved-reference
configuration := data.scopegate_config.gateways
