# The role that rekeyer assumes in an account, and the group whose members it leaves alone.

data "aws_partition" "current" {}

locals {
  # The edition of the policies below; it goes up when they change, so that `rekeyer doctor` can tell which accounts are behind.
  edition = 2

  partition = data.aws_partition.current.partition
  trusted   = "arn:${local.partition}:iam::${var.trusted_account_id}"
}

resource "aws_iam_role" "member" {
  name                 = var.name
  path                 = var.path
  description          = var.mode == "apply" ? "rekeyer: rotates the access keys of this account's users" : "rekeyer: audits the access keys of this account's users"
  max_session_duration = 3600
  permissions_boundary = var.permissions_boundary
  tags                 = merge(var.tags, { "rekeyer:role-version" = "${local.edition}-${var.mode}" })

  # The account is trusted and the role is a condition: a role as the principal would be stored by its id, and one that was made
  # anew under the same name would be a stranger.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "${local.trusted}:root" }
      Action    = "sts:AssumeRole"
      Condition = merge(
        { ArnLike = { "aws:PrincipalArn" = concat(["${local.trusted}:role/${var.trusted_role}"], var.also_trusted) } },
        length(local.equal) == 0 ? {} : { StringEquals = local.equal }
      )
    }]
  })
}

locals {
  equal = merge(
    var.external_id == null ? {} : { "sts:ExternalId" = var.external_id },
    var.organization_id == null ? {} : { "aws:PrincipalOrgID" = var.organization_id }
  )
}

resource "aws_iam_role_policy" "member" {
  name   = "rekeyer"
  role   = aws_iam_role.member.id
  policy = jsonencode({ Version = "2012-10-17", Statement = concat(local.statements[var.mode], local.self_statements) })
}

resource "aws_iam_group" "exempt" {
  count = var.exemption_group == null ? 0 : 1

  name = var.exemption_group

  # Its members would be rotated from the next run on. This refuses a count of 0, too.
  lifecycle {
    prevent_destroy = true
  }
}
