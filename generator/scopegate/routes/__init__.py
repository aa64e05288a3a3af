"""Tables in, routes out: mirrors, rows that share a route, and templates that share paths."""
