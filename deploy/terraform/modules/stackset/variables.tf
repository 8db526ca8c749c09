# What the StackSet is told. README.md lists these; tests/terraform keeps it true.

variable "name" {
  description = "The StackSet's name."
  type        = string
  default     = "rekeyer-member"

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9-]{0,127}$", var.name))
    error_message = "name is letters, digits and hyphens, beginning with a letter."
  }
}

variable "organizational_unit_ids" {
  description = "Below which OUs every account gets the role, new ones too; the organization's root for all accounts."
  type        = set(string)

  validation {
    condition     = length(var.organizational_unit_ids) > 0 && alltrue([for id in var.organizational_unit_ids : can(regex("^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$", id))])
    error_message = "organizational_unit_ids are ids such as \"ou-ab12-cdef3456\", or the root's (\"r-ab12\"); at least one."
  }
}

variable "call_as" {
  description = "\"SELF\" in the management account, \"DELEGATED_ADMIN\" in one that CloudFormation's StackSets are delegated to."
  type        = string
  default     = "SELF"

  validation {
    condition     = contains(["SELF", "DELEGATED_ADMIN"], var.call_as)
    error_message = "call_as is \"SELF\" or \"DELEGATED_ADMIN\"."
  }
}

variable "region" {
  description = "The region that the stacks stand in; one, since a role is the same in all. Without it, the provider's."
  type        = string
  default     = null

  validation {
    condition     = var.region == null || can(regex("^[a-z]{2,}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is a region's name, such as \"eu-west-1\"."
  }
}

variable "retain_roles" {
  description = "Whether an account that leaves the OUs keeps its role."
  type        = bool
  default     = false
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

variable "role_name" {
  description = "The role's name; as `organization.member_role` in the configuration."
  type        = string
  default     = "rekeyer-member"

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "role_name is a role's name of 1 to 64 letters, digits and _+=,.@-."
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
  description = "Which role of that account may assume this one: its name, without a path."
  type        = string
  default     = "rekeyer-account"

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.trusted_role))
    error_message = "trusted_role is a role's name without a path, such as \"rekeyer-account\", not an ARN."
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

variable "permissions_boundary" {
  description = "The name of a managed policy, with its path, that bounds the role and is there in each account."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^([A-Za-z0-9+=,.@_-]+/)*[A-Za-z0-9+=,.@_-]{1,128}$", var.permissions_boundary))
    error_message = "permissions_boundary is a policy's name such as \"boundary\" or \"security/boundary\": its ARN differs from account to account."
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

  validation {
    condition     = can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "organization_id is an id such as \"o-a1b2c3d4e5\"."
  }
}

variable "store_location" {
  description = "Where the secrets are kept: \"member\" (in each user's account) or \"central\", for which the role needs no right; as `store.location` in the configuration."
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

variable "kms_key_arn" {
  description = "The key that secrets are encrypted with, where `store.kms_key_id` names one; `arn:aws:kms:*:*:key/*` where every account has its own."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:([a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+|\\*:\\*:key/\\*)$", var.kms_key_arn))
    error_message = "kms_key_arn is a key's ARN (no alias): \"arn:aws:kms:<region>:<account>:key/<id>\", or \"arn:aws:kms:*:*:key/*\"."
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
  description = "The name of an IAM group to make in every account, whose members are exempt; as `exempt.group` in the configuration. Without one, none is made."
  type        = string
  default     = null

  validation {
    condition     = var.exemption_group == null || can(regex("^[A-Za-z0-9_+=,.@-]{1,128}$", var.exemption_group))
    error_message = "exemption_group is a group's name, such as \"IAMKeyRotationExemptionGroup\"."
  }
}

variable "tags" {
  description = "Tags of the StackSet and of what its stacks make."
  type        = map(string)
  default     = {}
}
