package system.log

# Who asked for what is logged; what the caller may do and what a request carries is not.
mask contains "/input/subject/grants"

mask contains "/input/request/body"

mask contains "/input/request/query"

# The path comes with its query, which may hold what nobody else is to read.
mask contains {"op": "upsert", "path": "/input/request/path", "value": path} if {
	contains(input.input.request.path, "?")
	path := split(input.input.request.path, "?")[0]
}

# Names the places where the caller has grants.
mask contains "/result/ineffective"
