# What the role in a member account is told. README.md lists these; tests/terraform keeps it true.

variable "name" {
  description = "The role's name, without its path; as `organization.member_role` in the configuration."
  type        = string
  default     = "rekeyer-member"

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.name))
    error_message = "name is a role's name of 1 to 64 letters, digits and _+=,.@- without a path; that goes into path."
  }
}

variable "path" {
  description = "The role's path."
  type        = string
  default     = "/"

  validation {
    condition     = can(regex("^/([!-~]+/)?$", var.path))
    error_message = "path begins and ends with a slash, such as \"/security/\"."
  }
}

variable "mode" {
  description = "What the role may do: \"plan\" reads, \"apply\" rotates. Begin with an audit."
  type        = string
  default     = "plan"

  validation {
    condition     = contains(["plan", "apply"], var.mode)
    error_message = "mode is \"plan\" or \"apply\"."
  }
}

variable "trusted_account_id" {
  description = "The account that rekeyer runs in."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.trusted_account_id))
    error_message = "trusted_account_id is twelve digits in quotes, leading zeros kept."
  }
}

variable "trusted_role" {
  description = "Which role of that account may assume this one: its name, with its path if it has one; `*` and `?` match. \"*\" trusts the whole account."
  type        = string
  default     = "rekeyer-account"

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@/*?-]+$", var.trusted_role)) && !startswith(var.trusted_role, "/")
    error_message = "trusted_role is a role's name or a pattern of it, such as \"rekeyer-account\" or \"rekeyer-*\", not an ARN."
  }
}

variable "also_trusted" {
  description = "ARNs of more roles of the trusted account that may assume this one, such as those of people who run rekeyer there; `*` and `?` match."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.also_trusted : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/.+$", arn))])
    error_message = "also_trusted are roles' ARNs, such as \"arn:aws:iam::111111111111:role/operators\"."
  }
}

variable "external_id" {
  description = "What the caller must say, as `organization.external_id` in the configuration."
  type        = string
  default     = null

  validation {
    condition     = var.external_id == null ? true : can(regex("^[\\w+=,.@:/-]{2,}$", var.external_id)) && length(var.external_id) <= 1224
    error_message = "external_id is 2 to 1224 letters, digits and _+=,.@:/-; leave it out where there is none."
  }
}

variable "organization_id" {
  description = "The organization that the caller must belong to."
  type        = string
  default     = null

  validation {
    condition     = var.organization_id == null || can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "organization_id is an id such as \"o-a1b2c3d4e5\"."
  }
}

variable "store_location" {
  description = "Where the secrets are kept: \"member\" (in this account) or \"central\", for which the role needs no right; as `store.location` in the configuration."
  type        = string
  default     = "member"

  validation {
    condition     = contains(["member", "central"], var.store_location)
    error_message = "store_location is \"member\" or \"central\"."
  }
}

variable "secret_names" {
  description = "What secrets are called, as a pattern: `store.name` of the configuration with `*` for `{account}`, `{user}` and what is between them."
  type        = string
  default     = "Account_*_AccessKey"

  validation {
    condition     = can(regex("^[A-Za-z0-9/_+=.@*-]*[A-Za-z0-9/_+=.@-][A-Za-z0-9/_+=.@*-]*$", var.secret_names))
    error_message = "secret_names is a pattern such as \"Account_*_AccessKey\"; a mere \"*\" would open all secrets."
  }
}

variable "grant_secret_policy" {
  description = "Whether the role may write the secrets' policies: needed for locks (`store.lock`, unless it is `\"none\"`), and for `store.grant = \"secret-policy\"` (the default) and `\"both\"`."
  type        = bool
  default     = true
}

variable "grant_user_policy" {
  description = "Whether the role may write users' policies: only for `store.grant = \"user-policy\"` or `\"both\"`, since it is much."
  type        = bool
  default     = false

  validation {
    condition     = !var.grant_user_policy || var.mode == "apply"
    error_message = "grant_user_policy is for mode = \"apply\": an audit writes nothing."
  }
}

variable "kms_key_arns" {
  description = "The keys of this account that secrets are encrypted with, where `store.kms_key_id` names one."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.kms_key_arns : can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", arn))])
    error_message = "kms_key_arns are keys' ARNs (no aliases): \"arn:aws:kms:<region>:<account>:key/<id>\"."
  }
  validation {
    condition     = length(var.kms_key_arns) == 0 || var.store_location == "member"
    error_message = "kms_key_arns are for store_location = \"member\": with a central store no secret is in this account."
  }
}

variable "replica_kms_key_arns" {
  description = "The keys of `store.replica_kms_key_ids`, by their ARNs."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.replica_kms_key_arns) == 0 || var.store_location == "member"
    error_message = "replica_kms_key_arns are for store_location = \"member\": with a central store no secret is in this account."
  }
}

variable "except_paths" {
  description = "Paths of users whose keys the role may not touch, whatever the configuration says, such as `/break-glass/`; those below them too. Exempt them in the configuration as well."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for path in var.except_paths : can(regex("^/[^*?$,\"\\s]+/$", path))])
    error_message = "except_paths begin and end with a slash, such as \"/break-glass/\"; a mere \"/\" would except everybody."
  }
}

variable "except_tagged_users" {
  description = "Whether the role may not touch the keys of users that have the tag `rekeyer:exempt`, whatever its value."
  type        = bool
  default     = false
}

variable "exemption_group" {
  description = "The name of an IAM group to make, whose members are exempt; as `exempt.group` in the configuration. Without one, none is made. No plan destroys it."
  type        = string
  default     = null

  validation {
    condition     = var.exemption_group == null || can(regex("^[A-Za-z0-9_+=,.@-]{1,128}$", var.exemption_group))
    error_message = "exemption_group is a group's name, such as \"IAMKeyRotationExemptionGroup\"."
  }
}

variable "permissions_boundary" {
  description = "The ARN of a policy that bounds the role."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary is the ARN of a managed policy."
  }
}

variable "tags" {
  description = "Tags of the role, besides `rekeyer:role-version`."
  type        = map(string)
  default     = {}
}
