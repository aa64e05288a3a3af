package scopegate.route_test

import data.scopegate_test as made

literal_near(path) := literal if {
	literal := data.scopegate.route.near_literal with input as made.question("GET", path, [])
		with data.scopegate.routes.template as made.made_template
		with data.scopegate.bundle as made.made_bundle
}

test_value_that_may_be_read_as_a_literal if {
	every value in [
		"DETAIL", "detaiL", "detail.json", "detail.xml", "detail%2ejson", "Detail.JSON", "detail.", "detail..", ".detail",
		"detail%20", "%20detail", "detail%20.json", "detail,x", "detail~", "de.tail", "det%C3%A9ail", "deta%C4%B1l",
		"deta%C4%B1l.a.b", "d.eta%C4%B1l", "deta%C4%B1l%20x",
		"~detail~x", "detail:1",
		"detail%C2%A0", "%20detail.json",
	] {
		literal_near(concat("", ["/v1/things/", value])) == "detail"
	}
	literal_near("/v1/things/V2.1") == "v2.1"
	literal_near("/v1/things/v2.1~") == "v2.1"
	literal_near("/v1/things/v2.1.json") == "v2.1"
}

test_value_that_is_read_alike_by_all if {
	every value in ["detail", "details", "x.json", "detail-1", "detail_", "json.detail", "keys.json", "v2"] {
		not literal_near(concat("", ["/v1/things/", value]))
	}
}

test_literal_in_the_same_place if {
	# Whatever follows there.
	literal_near("/v1/things/detail.json/parts") == "detail"
	literal_near("/v1/things/x/keys/detail.json") == "Detail"
	literal_near("/v1/things/x/keys/detail") == "Detail"
	not literal_near("/v1/things/x/keys/Detail")
	not literal_near("/v1/things/x/parts/detail.json")
	not literal_near("/v1/shared")
	not literal_near("/v1/nowhere/detail.json")
}

# Both are documented, and everybody knows which is which.
test_literal_in_another_spelling_is_no_value if {
	two := object.union(made.made_bundle, {"literals": {"made/made things": {"Things": ["/v1"]}}})
	not literal_near("/v1/things/x") with made.made_bundle as two
}
