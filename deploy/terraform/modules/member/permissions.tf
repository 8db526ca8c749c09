# What the role may do: the statements of docs/permissions.md, by mode. A test compares.

locals {
  statements = {
    apply = concat(
      [
        {
          Sid    = "SurveyUsers"
          Effect = "Allow"
          Action = [
            "iam:GenerateCredentialReport",
            "iam:GetCredentialReport",
            "iam:GetAccountAuthorizationDetails",
            "iam:GetAccessKeyLastUsed",
            "iam:ListUsers",
          ]
          Resource = ["*"]
        },
        {
          Sid      = "LookAtUsers"
          Effect   = "Allow"
          Action   = ["iam:GetUser", "iam:ListUserTags", "iam:ListAccessKeys", "iam:GetUserPolicy"]
          Resource = ["arn:${local.partition}:iam::*:user/*"]
        },
        {
          Sid      = "ReadExemptionGroup"
          Effect   = "Allow"
          Action   = ["iam:GetGroup"]
          Resource = ["arn:${local.partition}:iam::*:group/*"]
        },
        {
          Sid      = "RotateKeys"
          Effect   = "Allow"
          Action   = ["iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey"]
          Resource = ["arn:${local.partition}:iam::*:user/*"]
        },
      ],
      [
        for each in var.grant_user_policy ? [1] : [] : {
          Sid      = "GrantToUsersOnlyForStoreGrantUserPolicyOrBoth"
          Effect   = "Allow"
          Action   = ["iam:PutUserPolicy"]
          Resource = ["arn:${local.partition}:iam::*:user/*"]
        }
      ],
      # Denials: no other policy of this role brings it back to these users. iam:PutUserPolicy is there in case it is granted.
      [
        for paths in length(var.except_paths) == 0 ? [] : [var.except_paths] : {
          Sid      = "LeavePathsAlone"
          Effect   = "Deny"
          Action   = ["iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey", "iam:PutUserPolicy"]
          Resource = [for path in paths : "arn:${local.partition}:iam::*:user${path}*"]
        }
      ],
      [
        for each in var.except_tagged_users ? [1] : [] : {
          Sid       = "LeaveTaggedUsersAlone"
          Effect    = "Deny"
          Action    = ["iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey", "iam:PutUserPolicy"]
          Resource  = ["arn:${local.partition}:iam::*:user/*"]
          Condition = { Null = { "aws:ResourceTag/rekeyer:exempt" = "false" } }
        }
      ],
      [
        for each in var.store_location == "member" ? [1] : [] : {
          Sid      = "ListSecrets"
          Effect   = "Allow"
          Action   = ["secretsmanager:ListSecrets"]
          Resource = ["*"]
        }
      ],
      [
        for each in var.store_location == "member" ? [1] : [] : {
          # Of a secret that is not there Secrets Manager knows the name alone, and looks at rights before it says so.
          Sid    = "LookForSecrets"
          Effect = "Allow"
          Action = ["secretsmanager:DescribeSecret"]
          Resource = [
            "arn:${local.partition}:secretsmanager:*:*:secret:${var.secret_names}-??????",
            "arn:${local.partition}:secretsmanager:*:*:secret:${var.secret_names}",
          ]
        }
      ],
      [
        for each in var.store_location == "member" ? [1] : [] : {
          Sid    = "KeepSecrets"
          Effect = "Allow"
          Action = concat(
            [
              "secretsmanager:CreateSecret",
              "secretsmanager:PutSecretValue",
              "secretsmanager:UpdateSecretVersionStage",
              "secretsmanager:TagResource",
              "secretsmanager:ReplicateSecretToRegions",
              "secretsmanager:RemoveRegionsFromReplication",
              "secretsmanager:DeleteSecret",
              "secretsmanager:RestoreSecret",
            ],
            var.grant_secret_policy ? ["secretsmanager:GetResourcePolicy", "secretsmanager:PutResourcePolicy"] : []
          )
          Resource = ["arn:${local.partition}:secretsmanager:*:*:secret:${var.secret_names}-??????"]
          Condition = {
            BoolIfExists = { "secretsmanager:BlockPublicPolicy" = "true", "secretsmanager:ForceDeleteWithoutRecovery" = "false" }
          }
        }
      ],
      [
        for keys in length(var.kms_key_arns) == 0 ? [] : [var.kms_key_arns] : {
          Sid      = "EncryptSecrets"
          Effect   = "Allow"
          Action   = ["kms:GenerateDataKey", "kms:Decrypt"]
          Resource = keys
        }
      ],
      [
        for keys in length(var.replica_kms_key_arns) == 0 ? [] : [var.replica_kms_key_arns] : {
          Sid      = "EncryptReplicas"
          Effect   = "Allow"
          Action   = ["kms:GenerateDataKey", "kms:Encrypt"]
          Resource = keys
        }
      ],
      [
        for keys in length(var.kms_key_arns) == 0 ? [] : [var.kms_key_arns] : {
          Sid      = "LookAtKey"
          Effect   = "Allow"
          Action   = ["kms:DescribeKey"]
          Resource = keys
        }
      ]
    )

    plan = concat(
      [
        {
          Sid    = "SurveyUsers"
          Effect = "Allow"
          Action = [
            "iam:GenerateCredentialReport",
            "iam:GetCredentialReport",
            "iam:GetAccountAuthorizationDetails",
            "iam:GetAccessKeyLastUsed",
            "iam:ListUsers",
            "iam:GetUser",
            "iam:ListUserTags",
            "iam:ListAccessKeys",
            "iam:GetGroup",
          ]
          Resource = ["*"]
        },
      ],
      [
        for each in var.store_location == "member" ? [1] : [] : {
          Sid      = "ListSecrets"
          Effect   = "Allow"
          Action   = ["secretsmanager:ListSecrets"]
          Resource = ["*"]
        }
      ],
      [
        for each in var.store_location == "member" ? [1] : [] : {
          Sid    = "SurveySecrets"
          Effect = "Allow"
          Action = ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"]
          Resource = [
            "arn:${local.partition}:secretsmanager:*:*:secret:${var.secret_names}-??????",
            "arn:${local.partition}:secretsmanager:*:*:secret:${var.secret_names}",
          ]
        }
      ]
    )
  }

  # For `rekeyer doctor`: does the role hold what it should?
  self_statements = [
    {
      Sid      = "CheckItself"
      Effect   = "Allow"
      Action   = ["iam:GetRole", "iam:SimulatePrincipalPolicy"]
      Resource = ["arn:${local.partition}:iam::*:role${var.path}${var.name}"]
    },
  ]
}
