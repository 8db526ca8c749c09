# The member role in every account below some OUs, and in those that join them later. The template is
# deploy/cloudformation/member-role.yaml; its copy here lets the module be fetched by itself, and tests/terraform keeps the two equal.

data "aws_region" "current" {}

data "aws_partition" "current" {}

locals {
  grant = var.grant_secret_policy ? (var.grant_user_policy ? "both" : "secret-policy") : (var.grant_user_policy ? "user-policy" : "none")

  # Every parameter of the template: what is left to its defaults here would show as a difference at the next plan.
  parameters = {
    Mode                         = var.mode
    RoleName                     = var.role_name
    ToolingAccount               = var.trusted_account_id
    AccountRoleName              = var.trusted_role
    AlsoTrusted                  = join(",", var.also_trusted)
    PermissionsBoundary          = var.permissions_boundary == null ? "" : var.permissions_boundary
    AWSOrgID                     = var.organization_id
    ExternalId                   = var.external_id == null ? "" : var.external_id
    StoreSecretsInCentralAccount = var.store_location == "central" ? "True" : "False"
    StoreGrant                   = local.grant
    LockSecrets                  = var.grant_secret_policy ? "True" : "False"
    SecretNamePattern            = var.secret_names
    SecretsKmsKeyArn             = var.kms_key_arn == null ? "" : var.kms_key_arn
    ExceptUsers                  = join(",", [for path in var.except_paths : "arn:${data.aws_partition.current.partition}:iam::*:user${path}*"])
    ExceptTaggedUsers            = var.except_tagged_users ? "True" : "False"
    CreateExemptionGroup         = var.exemption_group == null ? "False" : "True"
    IAMExemptionGroup            = var.exemption_group == null ? "IAMKeyRotationExemptionGroup" : var.exemption_group
  }
}

resource "aws_cloudformation_stack_set" "member" {
  name             = var.name
  description      = "The role that rekeyer assumes in every account"
  permission_model = "SERVICE_MANAGED"
  call_as          = var.call_as
  capabilities     = ["CAPABILITY_NAMED_IAM"]
  template_body    = file("${path.module}/member-role.yaml")
  parameters       = local.parameters
  tags             = var.tags

  auto_deployment {
    enabled                          = true
    retain_stacks_on_account_removal = var.retain_roles
  }

  # Operations that meet, as an update and the deployment to a new account, wait for each other.
  managed_execution {
    active = true
  }

  # An update goes to all accounts; one that is broken must not stop the others.
  operation_preferences {
    failure_tolerance_percentage = 100
    max_concurrent_percentage    = 100
  }

  lifecycle {
    # Service-managed StackSets have no such role; AWS answers with one all the same. The provider sends the template with every update, and AWS
    # refuses to switch managed execution together with it: a StackSet that was made without it keeps its own setting.
    ignore_changes = [administration_role_arn, managed_execution]
  }
}

resource "aws_cloudformation_stack_instances" "member" {
  stack_set_name = aws_cloudformation_stack_set.member.name
  call_as        = var.call_as
  regions        = [coalesce(var.region, data.aws_region.current.id)]
  retain_stacks  = false

  deployment_targets {
    organizational_unit_ids = var.organizational_unit_ids
  }

  operation_preferences {
    failure_tolerance_percentage = 100
    max_concurrent_percentage    = 100
  }
}
