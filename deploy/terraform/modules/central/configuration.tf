# rekeyer.toml, where all functions read it. They read it anew when theirs is older than five minutes, so a change needs no deployment of code.

locals {
  configuration_name = "/rekeyer/${var.name}/config"
}

resource "aws_ssm_parameter" "configuration" {
  name        = local.configuration_name
  description = "rekeyer.toml of the deployment ${var.name}"
  type        = "String"
  # A standard parameter is free and holds 4 KiB, an advanced one 8.
  tier  = length(base64encode(var.configuration)) <= 5460 ? "Standard" : "Advanced"
  value = var.configuration
  tags  = var.tags
}
