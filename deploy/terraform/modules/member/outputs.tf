# What others need to know of the role.

output "role_arn" {
  description = "The role's ARN."
  value       = aws_iam_role.member.arn
}

output "role_name" {
  description = "The role's name with its path, as `organization.member_role` takes it."
  value       = trimprefix("${var.path}${aws_iam_role.member.name}", "/")
}

output "role_version" {
  description = "Edition and mode of the role, as in its tag `rekeyer:role-version`."
  value       = aws_iam_role.member.tags["rekeyer:role-version"]
}
