# What others need to know of the StackSet.

output "stack_set_name" {
  description = "The StackSet."
  value       = aws_cloudformation_stack_set.member.name
}

output "stack_set_id" {
  description = "The StackSet's id."
  value       = aws_cloudformation_stack_set.member.stack_set_id
}

output "parameters" {
  description = "What the template is given."
  value       = local.parameters
}
