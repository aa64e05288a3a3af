package scopegate

# Most inputs need neither schema nor decoding: written as JSON (with sorted members, and without a `\` where no string
# needs an escape) they have a form in which nothing is faulty, the path is plain and every statement is evaluated.
# The expression never has to look back or ahead, which Go's engine matches in one pass.
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
	json.marshal(question),
)
