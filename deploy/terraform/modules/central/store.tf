# The key of a central store. AWS's own key can't be shared with the accounts of the users who read their secrets.

locals {
  central       = var.store_location == "central"
  makes_key     = local.central && var.store_kms_key_arn == null
  store_key_arn = local.makes_key ? aws_kms_key.store[0].arn : var.store_kms_key_arn
}

resource "aws_kms_key" "store" {
  count = local.makes_key ? 1 : 0

  description             = "Secrets of access keys that rekeyer (${var.name}) stored"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  tags                    = var.tags

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          # Without it nobody could ever administer the key, and no policy of this account's roles would count.
          Sid       = "ThisAccountsPoliciesDecide"
          Effect    = "Allow"
          Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
          Action    = "kms:*"
          Resource  = "*"
        },
      ],
      var.organization_id == null ? [] : [
        {
          # Which user may read which secret is said on each secret; by this the key does not stand in the way.
          Sid       = "UsersOfTheOrganizationReadTheirSecrets"
          Effect    = "Allow"
          Principal = { AWS = "*" }
          Action    = ["kms:Decrypt", "kms:DescribeKey"]
          Resource  = "*"
          Condition = {
            StringEquals = { "aws:PrincipalOrgID" = var.organization_id }
            StringLike   = local.through_secrets_manager.StringLike
          }
        },
      ]
    )
  })

  # Without it no secret in the store can be read again; a key that waits for its deletion cannot be used already. This refuses a count of 0, too.
  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "store" {
  count = local.makes_key ? 1 : 0

  name          = "alias/${var.name}-secrets"
  target_key_id = aws_kms_key.store[0].key_id

  # The configuration names the key by it.
  lifecycle {
    prevent_destroy = true
  }
}
