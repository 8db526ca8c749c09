# The roles of the functions. What they hold is in permissions.tf.

locals {
  functions_of_role = {
    inventory = ["inventory"]
    account   = ["account"]
    summary   = ["allot", "summarise"]
  }
}

resource "aws_iam_role" "function" {
  for_each = local.functions_of_role

  name                 = "${var.name}-${each.key}"
  description          = "rekeyer's functions: ${join(", ", each.value)}"
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "function" {
  for_each = local.functions_of_role

  name   = "rekeyer"
  role   = aws_iam_role.function[each.key].id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements[each.key] })
}
