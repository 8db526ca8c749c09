# The run itself. The definition is deploy/state-machine/rekeyer.asl.json; its copy here lets the module be fetched by itself, and
# tests/terraform keeps the two equal.

resource "aws_sfn_state_machine" "this" {
  name     = var.name
  type     = "STANDARD"
  role_arn = aws_iam_role.states.arn
  tags     = var.tags

  definition = templatefile("${path.module}/rekeyer.asl.json", {
    Partition                  = local.partition
    InventoryFunctionArn       = aws_lambda_function.this["inventory"].arn
    AccountFunctionArn         = aws_lambda_function.this["account"].arn
    AllotFunctionArn           = aws_lambda_function.this["allot"].arn
    SummariseFunctionArn       = aws_lambda_function.this["summarise"].arn
    RunsBucket                 = aws_s3_bucket.runs.bucket
    RunsPrefix                 = local.runs_prefix
    MaxConcurrency             = var.max_concurrency
    ToleratedFailurePercentage = var.tolerated_failure_percentage
  })

  depends_on = [aws_iam_role_policy.states]
}

resource "aws_iam_role" "states" {
  name                 = "${var.name}-states"
  description          = "rekeyer's state machine"
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        # A Distributed Map's children run as the machine's ARN with the map's label behind it.
        ArnLike = { "aws:SourceArn" = [local.state_machine_arn, "${local.state_machine_arn}/*"] }
      }
    }]
  })
}

locals {
  # Written out, since the machine needs the role and the role names the machine; and so that a plan shows the whole policy.
  state_machine_arn = "arn:${local.partition}:states:${local.region}:${local.account}:stateMachine:${var.name}"
  functions_arn     = "arn:${local.partition}:lambda:${local.region}:${local.account}:function"
  executions        = "arn:${local.partition}:states:${local.region}:${local.account}:execution:${var.name}"
}

resource "aws_iam_role_policy" "states" {
  name = "rekeyer"
  role = aws_iam_role.states.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "InvokeFunctions"
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = [for function in ["inventory", "account", "allot", "summarise"] : "${local.functions_arn}:${var.name}-${function}"]
      },
      {
        # A Distributed Map's children are executions of the same machine.
        Sid      = "RunChildren"
        Effect   = "Allow"
        Action   = "states:StartExecution"
        Resource = local.state_machine_arn
      },
      {
        Sid      = "FollowChildren"
        Effect   = "Allow"
        Action   = ["states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"]
        Resource = ["${local.executions}:*", "${local.executions}/*"]
      },
      {
        Sid      = "KeepRuns"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"]
        Resource = local.runs_objects
      },
    ]
  })
}
