"""Routes in, Rego out: what is spelt here was decided in `scopegate.routes`."""
