package scopegate.route

import data.scopegate.path

# Servers differ in what they make of a segment: some ignore case, some cut off a suffix (`detail.json`), trim, or drop
# what is no part of a name. What is a parameter's value here can be a literal to them, and so another route.

# METADATA
# title: The literal that a server may read in the place of a parameter's value
# description: It stands in the same place of a template whose segments before it fit. Undefined where none does.
near_literal := min({literal |
	template := split(provenance.path, "/")
	some position, segment in array.concat([""], path.decoded_segments)
	startswith(template[position], "{")
	some literal, places in _literals_near(_api, segment)
	some place in places
	_stands_at(split(place, "/"), position)
})

_api := concat("/", [provenance.provider, provenance.service])

_stands_at(before, position) if {
	count(before) == position
	every i, part in before {
		part in {"{}", array.concat([""], path.decoded_segments)[i]}
	}
}

# The literals of an API that a segment is not, and may be read as, with what stands before them in templates. They
# are found by their spelling in lower case, in the data.json that the build adds.
_literals_near(api, segment) := {literal: places |
	some reading in _readings(segment)
	some literal, places in data.scopegate.bundle.literals[concat(" ", [api, reading])]
	literal != segment
}

# Who compares in capitals takes more characters for one than who does in small letters.
_readings(segment) := {lower(reading) |
	some folded in {segment, upper(segment)}
	some whole in {folded, regex.replace(folded, `^[^\w-]+|[^\w-]+$`, "")}
	some name in {whole, regex.replace(whole, `\.[^.]*$`, "")}
	some reading in {name, regex.replace(name, `[^\w-].*`, ""), regex.replace(name, `[^\w-]`, "")}
}

# The segments as they are, and with all that a server may read as a literal. Tables may spell one in two ways.
_spellings(api, whole) := {spelling |
	# Of a segment nothing may be left, and the slashes around it be one.
	some segments in {whole, [segment | some segment in whole; not "" in _readings(segment)]}
	some spelling in {
		segments,
		[literals[0] | some segment in segments; literals := _nearest(api, segment)],
		[literals[count(literals) - 1] | some segment in segments; literals := _nearest(api, segment)],
	}
}

_nearest(api, segment) := sort(object.keys(literals)) if {
	literals := _literals_near(api, segment)
	literals != {}
}

else := [segment]
