# What the policy is told. README.md lists these; tests/terraform keeps it true.

variable "name" {
  description = "The policy's name."
  type        = string
  default     = "rekeyer-reserved-names"

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,128}$", var.name))
    error_message = "name is 1 to 128 letters, digits, underscores and hyphens."
  }
}

variable "target_ids" {
  description = "What the policy is attached to: ids of the root, of OUs, of accounts. Without one it is made and holds nowhere."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for id in var.target_ids : can(regex("^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32}|[0-9]{12})$", id))])
    error_message = "target_ids are ids such as \"ou-ab12-cdef3456\", \"r-ab12\" or \"111111111111\"."
  }
}

variable "secret_names" {
  description = "What secrets are called, as a pattern: `store.name` of the configuration with `*` for `{account}` and `{user}`. All secrets of such names are reserved."
  type        = string
  default     = "Account_*_User_*_AccessKey"

  validation {
    condition     = can(regex("^[A-Za-z0-9/_+=.@*-]{1,480}$", var.secret_names)) && can(regex("([A-Za-z0-9].*){4}", var.secret_names))
    error_message = "secret_names is a pattern such as \"Account_*_User_*_AccessKey\", with four letters or digits at least: a wide one would close other secrets."
  }
}

variable "member_role" {
  description = "The role in every account, with its path before it; as `organization.member_role` in the configuration."
  type        = string
  default     = "rekeyer-member"

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@/-]{1,512}$", var.member_role)) && !startswith(var.member_role, "/")
    error_message = "member_role is a role's name, with its path where it has one, such as \"security/rekeyer-member\"."
  }
}

variable "store_location" {
  description = "Where the secrets are kept: \"member\" or \"central\", with which no member role may change them; as `store.location` in the configuration."
  type        = string
  default     = "member"

  validation {
    condition     = contains(["member", "central"], var.store_location)
    error_message = "store_location is \"member\" or \"central\"."
  }
}

variable "trusted_account_id" {
  description = "The account that rekeyer runs in, where secrets are kept there, or where its own users are looked after without the member role."
  type        = string
  default     = null

  validation {
    condition     = var.trusted_account_id == null || can(regex("^[0-9]{12}$", var.trusted_account_id))
    error_message = "trusted_account_id is twelve digits in quotes, leading zeros kept."
  }
  validation {
    condition     = var.trusted_account_id != null || var.store_location == "member"
    error_message = "trusted_account_id is needed with store_location = \"central\": without it nobody could change the secrets."
  }
}

variable "trusted_role" {
  description = "Which role of that account keeps secrets: its name, without a path."
  type        = string
  default     = "rekeyer-account"

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.trusted_role))
    error_message = "trusted_role is a role's name without a path, such as \"rekeyer-account\", not an ARN."
  }
}

variable "also_writers" {
  description = "ARNs of more roles and users that may change the secrets, as of an older rotator that still runs; `*` and `?` match."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.also_writers : can(regex("^arn:[a-z-]+:iam::([0-9]{12}|\\*):(role|user)/[^, ]*[A-Za-z0-9][^, ]*$", arn))])
    error_message = "also_writers are ARNs of roles and users, such as \"arn:aws:iam::*:role/security/*\"."
  }
}

variable "tags" {
  description = "Tags of the policy."
  type        = map(string)
  default     = {}
}
