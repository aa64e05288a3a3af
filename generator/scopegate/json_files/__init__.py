"""JSON of unknown origin: strictly read, and what is wrong with it told by its place."""
