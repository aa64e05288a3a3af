"""Published authorization tables: the model, its files, and how a document becomes one."""
