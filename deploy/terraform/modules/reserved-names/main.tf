# A service control policy that reserves the names of users' secrets: what `rekeyer permissions --organization-policy` prints. A test
# compares.

data "aws_partition" "current" {}

locals {
  partition = data.aws_partition.current.partition
  secret    = "arn:${local.partition}:secretsmanager:*:*:secret:${var.secret_names}"

  # Who keeps secrets: the role in every account, and where rekeyer does it itself, the account function's.
  keepers = concat(
    var.store_location == "member" ? ["arn:${local.partition}:iam::*:role/${var.member_role}"] : [],
    var.trusted_account_id == null ? [] : ["arn:${local.partition}:iam::${var.trusted_account_id}:role/${var.trusted_role}"],
    var.also_writers
  )
}

resource "aws_organizations_policy" "reserved_names" {
  name        = var.name
  description = "Leaves every change of the secrets with users' access keys to rekeyer."
  type        = "SERVICE_CONTROL_POLICY"
  tags        = var.tags

  content = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "KeepOthersOffSecretsOfAccessKeys"
        Effect    = "Deny"
        NotAction = ["secretsmanager:BatchGet*", "secretsmanager:Describe*", "secretsmanager:Get*", "secretsmanager:List*"]
        Resource  = [local.secret, "${local.secret}-??????"]
        Condition = { ArnNotLike = { "aws:PrincipalArn" = local.keepers } }
      },
      {
        Sid      = "KeepOthersFromMakingThem"
        Effect   = "Deny"
        Action   = "secretsmanager:CreateSecret"
        Resource = "*"
        Condition = {
          StringLike = { "secretsmanager:Name" = var.secret_names }
          ArnNotLike = { "aws:PrincipalArn" = local.keepers }
        }
      },
    ]
  })
}

resource "aws_organizations_policy_attachment" "reserved_names" {
  for_each = var.target_ids

  policy_id = aws_organizations_policy.reserved_names.id
  target_id = each.key
}
