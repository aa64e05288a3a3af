package system.log

# Who asked for what is logged; what the caller may do and what a request carries is not.
mask contains "/input/subject/grants"

mask contains "/input/request/body"

mask contains "/input/request/query"
