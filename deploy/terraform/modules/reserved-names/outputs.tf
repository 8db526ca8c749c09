# What others need to know of the policy.

output "policy_id" {
  description = "The policy's id."
  value       = aws_organizations_policy.reserved_names.id
}

output "policy" {
  description = "The policy's text."
  value       = aws_organizations_policy.reserved_names.content
}
