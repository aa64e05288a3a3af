# METADATA
# title: Gateways
# description: |
#   What the entry points of the gateways have in common. Each of them only translates: its input into a question,
#   and the decision into its answer. docs/gateways.md says what each is sent, trusts and answers.
# scope: subpackages
# schemas:
#   - input: {}
package scopegate.gateways
