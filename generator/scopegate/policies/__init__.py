"""What policies open, what calls need, what editions change: questions to bundles."""
