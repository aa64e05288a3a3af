"""All that talks to OPA: which one, what it is asked, a server of one's own."""
