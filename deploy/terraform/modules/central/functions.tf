# The four functions: one binary, told by the handler's name what it is.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.id

  # Which role each function works under.
  functions = {
    inventory = "inventory"
    account   = "account"
    allot     = "summary"
    summarise = "summary"
  }

  environment = merge(
    {
      REKEYER_CONFIG     = "ssm:${local.configuration_name}"
      REKEYER_RUNS       = "s3://${aws_s3_bucket.runs.bucket}/${local.runs_prefix}"
      REKEYER_MODE       = var.mode
      REKEYER_DEPLOYMENT = var.name
      REKEYER_LOG_LEVEL  = var.log_level
    },
    var.https_proxy == null ? {} : { HTTPS_PROXY = var.https_proxy },
    length(var.no_proxy) == 0 ? {} : { NO_PROXY = join(",", var.no_proxy) }
  )
}

resource "aws_cloudwatch_log_group" "function" {
  for_each = local.functions

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

resource "aws_lambda_function" "this" {
  for_each = local.functions

  function_name = "${var.name}-${each.key}"
  description   = "rekeyer: ${each.key}"
  role          = aws_iam_role.function[each.value].arn
  runtime       = "provided.al2023"
  handler       = each.key
  architectures = [var.architecture]
  memory_size   = var.memory_mb[each.key]
  timeout       = 900

  reserved_concurrent_executions = each.key == "account" && var.reserved_concurrency != null ? var.reserved_concurrency : -1

  filename          = var.package_path
  source_code_hash  = var.package_path == null ? null : filebase64sha256(var.package_path)
  s3_bucket         = try(var.package_s3.bucket, null)
  s3_key            = try(var.package_s3.key, null)
  s3_object_version = try(var.package_s3.version, null)

  environment {
    variables = local.environment
  }

  dynamic "vpc_config" {
    for_each = var.vpc == null ? [] : [var.vpc]

    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  tags = var.tags

  # A function that is invoked before its log group is there would make one that is kept for ever; one in a VPC can't be made
  # before its role may make network interfaces.
  depends_on = [aws_cloudwatch_log_group.function, aws_iam_role_policy.function]
}
