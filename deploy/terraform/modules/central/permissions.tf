# What each function may do: the statements of docs/permissions.md, each only where the configuration uses it. `rekeyer permissions` prints the
# same for a configuration, and a test compares. ARNs of the module's own resources are written out, so that a plan shows whole policies.

locals {
  # Every function: the run's folder, its log, its configuration, its network.
  runtime_statements = {
    for role, functions in local.functions_of_role : role => concat(
      role == "inventory" ? local.write_runs : local.keep_runs,
      [
        {
          Sid      = "WriteLogs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = [for function in functions : "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:/aws/lambda/${var.name}-${function}:*"]
        },
        {
          Sid      = "ReadConfiguration"
          Effect   = "Allow"
          Action   = ["ssm:GetParameter"]
          Resource = ["arn:${local.partition}:ssm:${local.region}:${local.account}:parameter${local.configuration_name}"]
        },
      ],
      [
        # Lambda calls these with the function's role, and none of them can be narrowed to a resource.
        for each in var.vpc == null ? [] : [1] : {
          Sid    = "AttachToVpc"
          Effect = "Allow"
          Action = [
            "ec2:CreateNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:DeleteNetworkInterface",
            "ec2:AssignPrivateIpAddresses",
            "ec2:UnassignPrivateIpAddresses",
          ]
          Resource = ["*"]
        }
      ],
      [
        # Of what the function's own code asks, AWS says by which function; of what Lambda asks, it does not.
        for each in var.vpc == null ? [] : [1] : {
          Sid    = "LeaveNetworkToLambda"
          Effect = "Deny"
          Action = [
            "ec2:CreateNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:DeleteNetworkInterface",
            "ec2:AssignPrivateIpAddresses",
            "ec2:UnassignPrivateIpAddresses",
          ]
          Resource  = ["*"]
          Condition = { ArnEquals = { "lambda:SourceFunctionArn" = [for function in functions : "${local.functions_arn}:${var.name}-${function}"] } }
        }
      ]
    )
  }

  write_runs = [
    {
      Sid      = "WriteRuns"
      Effect   = "Allow"
      Action   = ["s3:PutObject"]
      Resource = [local.runs_objects]
    },
  ]

  keep_runs = [
    {
      Sid      = "KeepRuns"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = [local.runs_objects]
    },
    {
      # Without it, S3 calls an object that is not there forbidden.
      Sid      = "TellMissingObjects"
      Effect   = "Allow"
      Action   = ["s3:ListBucket"]
      Resource = [local.runs_arn]
    },
  ]

  list_role_statements = [
    for role in var.list_role_arn == null ? [] : [var.list_role_arn] : {
      Sid      = "EnterListRole"
      Effect   = "Allow"
      Action   = ["sts:AssumeRole"]
      Resource = [role]
    }
  ]

  organization_statements = concat(
    local.list_role_statements,
    [
      for each in var.read_organization && var.list_role_arn == null ? [1] : [] : {
        Sid      = "ReadOrganization"
        Effect   = "Allow"
        Action   = ["organizations:DescribeOrganization", "organizations:ListAccounts", "organizations:ListParents"]
        Resource = ["*"]
      }
    ]
  )

  placing_statements = concat(
    local.list_role_statements,
    [
      for each in var.read_organization && var.list_role_arn == null ? [1] : [] : {
        Sid      = "PlaceAccounts"
        Effect   = "Allow"
        Action   = ["organizations:DescribeOrganization", "organizations:ListParents"]
        Resource = ["*"]
      }
    ]
  )

  account_statements = concat(
    [
      {
        Sid      = "EnterMemberAccounts"
        Effect   = "Allow"
        Action   = ["sts:AssumeRole"]
        Resource = ["arn:${local.partition}:iam::*:role/${var.member_role}"]
      }
    ],
    [for statement in local.store_statements[var.mode] : statement if local.central]
  )

  store_statements = {
    plan = [
      {
        Sid      = "ListSecrets"
        Effect   = "Allow"
        Action   = ["secretsmanager:ListSecrets"]
        Resource = ["*"]
      },
      {
        Sid    = "SurveySecrets"
        Effect = "Allow"
        Action = ["secretsmanager:DescribeSecret"]
        Resource = [
          "arn:${local.partition}:secretsmanager:*:${local.account}:secret:${var.secret_names}-??????",
          "arn:${local.partition}:secretsmanager:*:${local.account}:secret:${var.secret_names}",
        ]
      }
    ]
    apply = concat(
      [
        {
          Sid      = "ListSecrets"
          Effect   = "Allow"
          Action   = ["secretsmanager:ListSecrets"]
          Resource = ["*"]
        },
        {
          # Of a secret that is not there Secrets Manager knows the name alone, and looks at rights before it says so.
          Sid    = "LookForSecrets"
          Effect = "Allow"
          Action = ["secretsmanager:DescribeSecret"]
          Resource = [
            "arn:${local.partition}:secretsmanager:*:${local.account}:secret:${var.secret_names}-??????",
            "arn:${local.partition}:secretsmanager:*:${local.account}:secret:${var.secret_names}",
          ]
        },
        {
          Sid    = "KeepSecrets"
          Effect = "Allow"
          Action = [
            "secretsmanager:CreateSecret",
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecretVersionStage",
            "secretsmanager:TagResource",
            "secretsmanager:GetResourcePolicy",
            "secretsmanager:PutResourcePolicy",
            "secretsmanager:ReplicateSecretToRegions",
            "secretsmanager:RemoveRegionsFromReplication",
            "secretsmanager:DeleteSecret",
            "secretsmanager:RestoreSecret",
          ]
          Resource = ["arn:${local.partition}:secretsmanager:*:${local.account}:secret:${var.secret_names}-??????"]
          Condition = {
            BoolIfExists = { "secretsmanager:BlockPublicPolicy" = "true", "secretsmanager:ForceDeleteWithoutRecovery" = "false" }
          }
        },
        {
          Sid       = "EncryptSecrets"
          Effect    = "Allow"
          Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
          Resource  = [local.store_key_arn]
          Condition = local.through_secrets_manager
        },
        {
          Sid      = "LookAtKey"
          Effect   = "Allow"
          Action   = ["kms:DescribeKey"]
          Resource = [local.store_key_arn]
        },
      ],
      [
        for keys in length(var.store_replica_kms_key_arns) == 0 ? [] : [var.store_replica_kms_key_arns] : {
          Sid       = "EncryptReplicas"
          Effect    = "Allow"
          Action    = ["kms:GenerateDataKey", "kms:Encrypt"]
          Resource  = keys
          Condition = local.through_secrets_manager
        }
      ]
    )
  }

  through_secrets_manager = { StringLike = { "kms:ViaService" = "secretsmanager.*.${data.aws_partition.current.dns_suffix}" } }

  # Mails, and what they are made of: owners' and administrators' alike.
  mail_statements = concat(
    [
      # SES asks on whatever a mail touches: the sender's identity, which may be a domain above the address's own, each recipient who is an
      # identity, and the configuration set that an identity goes by. What bounds it is whom the mails are from.
      for sender in var.messages.sender == null ? [] : [var.messages.sender] : {
        Sid    = "SendMails"
        Effect = "Allow"
        Action = ["ses:SendEmail"]
        Resource = concat(
          var.messages.ses_identity_arns,
          ["arn:${local.partition}:ses:*:${local.account}:identity/*", "arn:${local.partition}:ses:*:${local.account}:configuration-set/*"]
        )
        Condition = { StringEquals = { "ses:FromAddress" = sender } }
      }
    ],
    [
      for place in var.messages.templates == null ? [] : [trimsuffix(trimprefix(var.messages.templates, "s3://"), "/")] : {
        Sid      = "ReadTemplates"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = ["arn:${local.partition}:s3:::${place}/*"]
      }
    ],
    [
      for place in var.messages.templates == null ? [] : [trimprefix(var.messages.templates, "s3://")] : {
        Sid      = "TellMissingTemplates"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = ["arn:${local.partition}:s3:::${split("/", place)[0]}"]
      }
    ],
    [
      for keys in length(var.messages.kms_key_arns) == 0 ? [] : [var.messages.kms_key_arns] : {
        Sid      = "UseKeysOfMessages"
        Effect   = "Allow"
        Action   = ["kms:GenerateDataKey", "kms:Decrypt"]
        Resource = keys
      }
    ]
  )

  # Logins of mail servers; for events, addresses and signing keys of webhooks, too.
  parameters = {
    account = concat(var.messages.smtp_parameters, var.messages.webhook_parameters)
    summary = var.messages.smtp_parameters
  }

  parameter_statements = {
    for role, all in local.parameters : role => [
      for names in length(all) == 0 ? [] : [all] : {
        Sid      = "ReadParameters"
        Effect   = "Allow"
        Action   = ["ssm:GetParameter"]
        Resource = [for name in names : "arn:${local.partition}:ssm:*:${local.account}:parameter${name}"]
      }
    ]
  }

  # Events for whoever listens, and where owners' addresses are looked for.
  owner_statements = concat(
    [
      for arns in length(var.messages.topic_arns) == 0 ? [] : [var.messages.topic_arns] : {
        Sid      = "PublishToTopics"
        Effect   = "Allow"
        Action   = ["sns:Publish"]
        Resource = arns
      }
    ],
    [
      for arns in length(var.messages.event_bus_arns) == 0 ? [] : [var.messages.event_bus_arns] : {
        Sid      = "PutEvents"
        Effect   = "Allow"
        Action   = ["events:PutEvents"]
        Resource = arns
      }
    ],
    [
      for each in var.messages.alternate_contacts ? [1] : [] : {
        Sid      = "ReadAlternateContacts"
        Effect   = "Allow"
        Action   = ["account:GetAlternateContact"]
        Resource = ["*"]
      }
    ],
    [
      for each in var.messages.account_tags && var.list_role_arn == null ? [1] : [] : {
        Sid      = "ReadAccountTags"
        Effect   = "Allow"
        Action   = ["organizations:ListTagsForResource"]
        Resource = ["arn:${local.partition}:organizations::*:account/*"]
      }
    ]
  )

  statements = {
    inventory = concat(local.organization_statements, local.runtime_statements.inventory)
    account = concat(
      local.account_statements, local.mail_statements, local.parameter_statements.account, local.owner_statements,
      local.placing_statements, local.runtime_statements.account
    )
    summary = concat(
      [for statement in concat(local.mail_statements, local.parameter_statements.summary) : statement if var.messages.administrators],
      local.runtime_statements.summary
    )
  }
}
