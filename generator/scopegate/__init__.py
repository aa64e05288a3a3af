"""scopegate: published authorization tables as Open Policy Agent bundles."""
