# rekeyer over an organization: the deployment in this account, and the member role in every account below some OUs.
# Run it in the account that StackSets and Organizations are delegated to (or in the management account, with call_as = "SELF").

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

  mode            = var.mode
  architecture    = var.architecture
  package_path    = var.package_path
  configuration   = file("${path.module}/rekeyer.toml")
  organization_id = var.organization_id

  messages = {
    sender             = "access-keys@example.com"
    alternate_contacts = true
    account_tags       = true
  }

  schedule_expression = "cron(30 5 * * ? *)"
  schedule_timezone   = "Europe/Berlin"
  operations_emails   = var.operations_emails
  tags                = var.tags
}

module "member" {
  source = "../../modules/stackset"

  mode                    = var.mode
  organizational_unit_ids = var.organizational_unit_ids
  call_as                 = var.call_as
  trusted_account_id      = data.aws_caller_identity.current.account_id
  external_id             = "rekeyer"
  organization_id         = var.organization_id
  tags                    = var.tags
}

output "start_a_run" {
  description = "The command that starts a run now."
  value       = module.central.start_a_run
}

output "account_role_arn" {
  description = "The role that enters the accounts."
  value       = module.central.account_role_arn
}
