# METADATA
# title: The input
# description: Its form, and the grants that count.
# scope: subpackages
# schemas:
#   - input: schema.input
package scopegate.question

# METADATA
# title: The input, with the grants that count
# description: A subject brings its grants, or is known by its id.
document := input if _brings_grants

else := input if not input.subject.id

else := object.union(input, {"subject": _known_subject})

# Also as null or false, which the schema then refuses.
_brings_grants if some "grants", _ in input.subject

# METADATA
# title: Whether most of what there is to check can be skipped
# description: |
#   Written as text (with sorted members, and without a `\` where no string needs an escape) most inputs have a form in
#   which nothing is faulty, the path is plain and every statement is evaluated. The expression never has to look back
#   or ahead, which Go's engine matches in one pass.
is_ordinary if regex.match(
	concat("", [
		`^\{"request":\{"method":"[^"\\]*","path":"(?:/[\w~!$'()*+,=:@-][\w.~!$'()*+,=:@-]*)+"(?:,"service":"[^"\\]*")?\},"`,
		`(?:resource":\{(?:"enterprise_project_id":"[^"\\]+")?\},")?`,
		`subject":\{"(?:account_owner":(?:true|false),")?grants":\[(?:\{"policies":\[(?:\{"Statement":\[`,
		`(?:\{"Action":\[(?:"[!#-\[\]-~]+",?)+\],"Effect":"(?:Allow|Deny)"(?:,"Resource":\["\*"\])?\},?)+`,
		`\],"Version":"1\.[01]"(?:,"(?:catalog|display_name|name)":"[^"\\]*")*\},?)*\],`,
		`"scope":\{"(?:all_resources":true|(?:iam_project|domain|enterprise_project)":"[^"\\]+")\}\},?)*\],"`,
		`(?:id":"[^"\\]+",")?project_id":"[^"\\]+"\}\}$`,
	]),
	json.marshal(document),
)
