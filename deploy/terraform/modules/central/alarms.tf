# What somebody must look at. Each alarm's description says what happened and where to read on.

locals {
  metrics = "rekeyer"

  # Alarms on one metric. "ignore" keeps an alarm as the last report left it until the next one says otherwise.
  alarms = {
    accounts-failed = {
      description = "Accounts failed in the last run: nothing was rotated in them."
      chapter     = "Accounts failed"
      namespace   = local.metrics
      metric      = "AccountsFailed"
      dimensions  = { Deployment = var.name }
      statistic   = "Maximum"
      comparison  = "GreaterThanThreshold"
      threshold   = 0
      period      = 300
      periods     = 1
      missing     = "ignore"
    }
    keys-failed = {
      description = "Keys failed in the last run: their rotation, deactivation or deletion could not be done."
      chapter     = "Keys failed"
      namespace   = local.metrics
      metric      = "KeysFailed"
      dimensions  = { Deployment = var.name }
      statistic   = "Maximum"
      comparison  = "GreaterThanThreshold"
      threshold   = 0
      period      = 300
      periods     = 1
      missing     = "ignore"
    }
    accounts-denied = {
      description = "Accounts denied the role ${var.member_role} in the last run: it is not deployed there, or does not trust this deployment."
      chapter     = "Accounts denied"
      namespace   = local.metrics
      metric      = "AccountsDenied"
      dimensions  = { Deployment = var.name }
      statistic   = "Maximum"
      comparison  = "GreaterThanThreshold"
      threshold   = var.denied_accounts_tolerated
      period      = 300
      periods     = 1
      missing     = "ignore"
    }
    mails-refused = {
      description = "Mails were refused in the last run: their owners do not know of their keys, so nothing of theirs is retired."
      chapter     = "Mails refused"
      namespace   = local.metrics
      metric      = "MailsRefused"
      dimensions  = { Deployment = var.name }
      statistic   = "Maximum"
      comparison  = "GreaterThanThreshold"
      threshold   = 0
      period      = 300
      periods     = 1
      missing     = "ignore"
    }
    failed-starts = {
      description = "A run could not be begun: the schedule's request stands in the queue ${aws_sqs_queue.failed_starts.name}."
      chapter     = "Runs that could not be started"
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = aws_sqs_queue.failed_starts.name }
      statistic   = "Maximum"
      comparison  = "GreaterThanThreshold"
      threshold   = 0
      period      = 300
      periods     = 1
      missing     = "notBreaching"
    }
  }

  run_ends = { failed = "ExecutionsFailed", timed_out = "ExecutionsTimedOut", aborted = "ExecutionsAborted" }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "${each.value.description} What to do is in docs/operations.md, \"${each.value.chapter}\"."
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = each.value.periods
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.operation.arn]
  ok_actions          = [aws_sns_topic.operation.arn]
  tags                = var.tags
}

# Hours without a report are counted as 0. Without that CloudWatch would go by the last report in a longer range, and tell of a missed run hours late.
resource "aws_cloudwatch_metric_alarm" "no_run" {
  alarm_name          = "${var.name}-no-run"
  alarm_description   = "No run has reported for ${var.missed_run_hours} hours: it did not begin, or did not end. What to do is in docs/operations.md, \"No run\"."
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  evaluation_periods  = var.missed_run_hours
  alarm_actions       = [aws_sns_topic.operation.arn]
  ok_actions          = [aws_sns_topic.operation.arn]
  tags                = var.tags

  # Before the first report there is nothing to fill.
  treat_missing_data = "breaching"

  metric_query {
    id          = "reported"
    expression  = "FILL(runs, 0)"
    label       = "runs that have reported"
    return_data = true
  }

  metric_query {
    id = "runs"

    metric {
      namespace   = local.metrics
      metric_name = "Accounts"
      dimensions  = { Deployment = var.name }
      period      = 3600
      stat        = "SampleCount"
    }
  }
}

# An alarm is known by its name: made anew and then deleted as what it was, it would be gone.
moved {
  from = aws_cloudwatch_metric_alarm.this["no-run"]
  to   = aws_cloudwatch_metric_alarm.no_run
}

resource "aws_cloudwatch_metric_alarm" "run_failed" {
  alarm_name          = "${var.name}-run-failed"
  alarm_description   = "A run failed, timed out or was aborted. What to do is in docs/operations.md, \"A run failed\"."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.operation.arn]
  ok_actions          = [aws_sns_topic.operation.arn]
  tags                = var.tags

  # Step Functions' numbers may come late: what was filled with 0 when it was looked at first is looked at again.
  datapoints_to_alarm = 1
  evaluation_periods  = 3

  metric_query {
    id          = "ends"
    expression  = join(" + ", [for id in keys(local.run_ends) : "FILL(${id}, 0)"])
    label       = "runs that did not end well"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.run_ends

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/States"
        metric_name = metric_query.value
        dimensions  = { StateMachineArn = aws_sfn_state_machine.this.arn }
        period      = 300
        stat        = "Sum"
      }
    }
  }
}

resource "aws_sns_topic" "operation" {
  name = "${var.name}-operation"
  tags = var.tags
}

resource "aws_sns_topic_policy" "operation" {
  arn = aws_sns_topic.operation.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AlarmsOfThisAccount"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.operation.arn
        Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
      },
      {
        Sid       = "OnlyOverTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.operation.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "operation" {
  for_each = toset(var.operations_emails)

  topic_arn = aws_sns_topic.operation.arn
  protocol  = "email"
  endpoint  = each.value
}
