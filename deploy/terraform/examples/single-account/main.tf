# rekeyer for one account, without Organizations: the deployment and the member role side by side.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.95, < 7"
    }
  }
}

provider "aws" {
  region = var.region
}

data "aws_caller_identity" "current" {}

module "central" {
  source = "../../modules/central"

  mode              = var.mode
  architecture      = var.architecture
  package_path      = var.package_path
  read_organization = false

  configuration = templatefile("${path.module}/rekeyer.toml", {
    account = data.aws_caller_identity.current.account_id
  })
}

module "member" {
  source = "../../modules/member"

  mode               = var.mode
  trusted_account_id = data.aws_caller_identity.current.account_id
  exemption_group    = "IAMKeyRotationExemptionGroup"
}

output "start_a_run" {
  description = "The command that starts a run now."
  value       = module.central.start_a_run
}

output "runs" {
  description = "Where the reports are."
  value       = module.central.runs
}

output "member_role_arn" {
  description = "The role that the account's function assumes."
  value       = module.member.role_arn
}
