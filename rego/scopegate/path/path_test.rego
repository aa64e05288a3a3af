package scopegate.path_test

import data.scopegate_test as made

segments_of(path) := segments if {
	segments := data.scopegate.path.segments with input as made.question("GET", path, [])
}

test_canonical_paths if {
	segments_of("/") == [""]
	segments_of("/v2/p1/snapshots") == ["v2", "p1", "snapshots"]
	segments_of("/v2/p1/snapshots/") == ["v2", "p1", "snapshots", ""]
	segments_of("/v2/p1?a=/../b") == ["v2", "p1"]
	segments_of("/a%20b/%C3%A9/%E4%BD%A0/%F0%9F%98%80") == ["a b", "é", "你", "😀"]
	segments_of("/a+b/%2B/c+%20d") == ["a+b", "+", "c+ d"]
	segments_of("/%E0%A0%80/%ED%95%9C/%F1%80%80%80/%F4%8F%BF%BF") == ["\u0800", "한", "\ud8c0\udc00", "\udbff\udfff"]
	segments_of("/%73napshots/...%2E/.a/..a") == ["snapshots", "....", ".a", "..a"]
	segments_of("/~a!$&'()*+,=:@-_.") == ["~a!$&'()*+,=:@-_."]
}

test_paths_that_are_not_canonical if {
	every path in [
		"",
		"v2",
		"//",
		"/v2//p1",
		"/.",
		"/..",
		"/v2/./p1",
		"/v2/../p1",
		"/%2e",
		"/v2/%2E%2e/p1",
		"/.%2e/p1",
		"/v2;a=b",
		"/v2#a",
		"/a b",
		"/a\\b",
		"/a|b",
		"/é",
		"/%",
		"/%2",
		"/%zz",
		"/%2f",
		"/%2F",
		"/%5c",
		"/%25",
		"/%252f",
		"/%3B",
		"/%00",
		"/%1f",
		"/%7F",
		"/%C2%80",
		"/%C2%9f",
		"/%80",
		"/%C0%AF",
		"/%C1%81",
		"/%E0%80%AF",
		"/%ED%A0%80",
		"/%F0%80%80%AF",
		"/%F4%90%80%80",
		"/%F5%80%80%80",
		"/%E4%BD",
		"/%u002f",
		"/\u017f",
		"/a\n",
		"/a\u0000",
	] {
		not segments_of(path)
	}
}

test_message_says_which_rule_is_broken if {
	every path, rule in {
		"": "it does not begin with a slash",
		"v2/p1": "it does not begin with a slash",
		"/v2//p1": "a segment before the last is empty",
		"/v2/%2E./p1": "a segment is `.` or `..`",
		"/v2/p1;a": "it holds a `;`, or a character that has to be escaped",
		"/v2/p 1": "it holds a `;`, or a character that has to be escaped",
		"/v2/%": "a percent sign is not followed by two hexadecimal digits",
		"/v2/%2": "a percent sign is not followed by two hexadecimal digits",
		"/v2/%u0041": "a percent sign is not followed by two hexadecimal digits",
		"/v2/%4x": "a percent sign is not followed by two hexadecimal digits",
		"/v2/a%2Fb": "it escapes a slash, a backslash, a percent sign, a semicolon or a control character",
		"/v2/%252e": "it escapes a slash, a backslash, a percent sign, a semicolon or a control character",
		"/v2/%c2%85": "it escapes a slash, a backslash, a percent sign, a semicolon or a control character",
		"/v2/%ff": "it escapes what is not UTF-8",
	} {
		message := concat(" ", ["request.path is malformed:", rule])
		data.scopegate.path.fault == message with input as made.question("GET", path, [])
	}
}

test_nothing_else_may_be_malformed if {
	asked := made.question("GET", "/v2", [])
	data.scopegate.path.segments == ["v2"] with input as asked
	every changes in [{"subject": {"id": ""}}, {"request": {"path": "/v2?%"}}, {"request": {"query": {"a;": []}}}] {
		not data.scopegate.path.segments with input as made.changed(asked, changes)
		data.scopegate.path.decoded_segments == ["v2"] with input as made.changed(asked, changes)
	}
}
