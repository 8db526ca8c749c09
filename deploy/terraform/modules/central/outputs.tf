# What others need to know of a deployment.

output "account_role_arn" {
  description = "The role that enters member accounts: what the member role must trust."
  value       = aws_iam_role.function["account"].arn
}

output "role_arns" {
  description = "All roles, by what they are for: inventory, account, summary, states, schedule."
  value = merge(
    { for role, made in aws_iam_role.function : role => made.arn },
    { states = aws_iam_role.states.arn, schedule = aws_iam_role.schedule.arn }
  )
}

output "function_arns" {
  description = "The functions, by their handlers: inventory, account, allot, summarise."
  value       = { for handler, function in aws_lambda_function.this : handler => function.arn }
}

output "state_machine_arn" {
  description = "The state machine whose executions are the runs."
  value       = aws_sfn_state_machine.this.arn
}

output "start_a_run" {
  description = "The command that starts a run now, as the schedule does."
  value       = "aws stepfunctions start-execution --region ${local.region} --state-machine-arn ${aws_sfn_state_machine.this.arn} --input '${jsonencode({ mode = var.mode })}'"
}

output "runs" {
  description = "Where the runs' folders are: s3://bucket/prefix."
  value       = local.environment.REKEYER_RUNS
}

output "runs_bucket" {
  description = "The bucket of the runs' folders."
  value       = aws_s3_bucket.runs.bucket
}

output "configuration_parameter" {
  description = "The parameter that holds rekeyer.toml."
  value       = aws_ssm_parameter.configuration.name
}

output "operation_topic_arn" {
  description = "The topic that alarms are told to; subscribe whoever looks after the deployment."
  value       = aws_sns_topic.operation.arn
}

output "failed_starts_url" {
  description = "The queue of runs that could not be begun."
  value       = aws_sqs_queue.failed_starts.url
}

output "alarm_names" {
  description = "The alarms."
  value = sort(concat(
    [for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name],
    [aws_cloudwatch_metric_alarm.no_run.alarm_name, aws_cloudwatch_metric_alarm.run_failed.alarm_name]
  ))
}

output "store_kms_key_arn" {
  description = "With a central store, the key of its secrets; else null."
  value       = local.central ? local.store_key_arn : null
}
