# What a deployment is told. README.md lists these; tests/terraform keeps it true.

variable "name" {
  description = "What the deployment is called: the beginning of every resource's name, and REKEYER_DEPLOYMENT."
  type        = string
  default     = "rekeyer"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,26}[a-z0-9]$", var.name))
    error_message = "name is 2 to 28 lower-case letters, digits and hyphens, beginning with a letter: the name of the runs' bucket is made of it."
  }
}

variable "mode" {
  description = "What the deployment may do: \"plan\" reads and reports, \"apply\" rotates. Begin with an audit."
  type        = string
  default     = "plan"

  validation {
    condition     = contains(["plan", "apply"], var.mode)
    error_message = "mode is \"plan\" or \"apply\"."
  }
}

variable "configuration" {
  description = "The text of rekeyer.toml, as in `file(\"rekeyer.toml\")`. It is kept in a Systems Manager parameter that the functions read; no secret belongs in it."
  type        = string

  validation {
    condition     = trimspace(var.configuration) != ""
    error_message = "configuration is empty: give the text of rekeyer.toml. `rekeyer config init` writes one to begin with."
  }
  validation {
    condition     = length(base64encode(var.configuration)) <= 10920
    error_message = "configuration is longer than the 8 KiB that a parameter holds: move [[exempt.user]] entries to user tags or an IAM group."
  }
}

variable "package_path" {
  description = "The package for Lambda (a zip with `bootstrap` in it) on this machine. Either this or `package_s3`."
  type        = string
  default     = null

  validation {
    condition     = var.package_path == null || can(filebase64sha256(var.package_path))
    error_message = "package_path is no file that can be read: build the package, or give package_s3 instead."
  }
  validation {
    condition     = (var.package_path == null) != (var.package_s3 == null)
    error_message = "Give the package once: either package_path (a file here) or package_s3 (an object in S3)."
  }
}

variable "package_s3" {
  description = "The package in S3, in the region of the deployment. A new `key` or `version` updates the functions."
  type = object({
    bucket  = string
    key     = string
    version = optional(string)
  })
  default = null
}

variable "architecture" {
  description = "The processor that the package was built for."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture is \"x86_64\" or \"arm64\", as the package was built."
  }
}

variable "memory_mb" {
  description = "Memory of each function. One that puts ten thousand accounts together wants more than one that waits for a single account."
  type = object({
    inventory = optional(number, 256)
    account   = optional(number, 256)
    allot     = optional(number, 512)
    summarise = optional(number, 512)
  })
  default = {}

  validation {
    condition     = alltrue([for size in values(var.memory_mb) : size >= 128 && size <= 10240 && floor(size) == size])
    error_message = "memory_mb takes whole numbers from 128 to 10240."
  }
}

variable "log_level" {
  description = "REKEYER_LOG_LEVEL of all functions."
  type        = string
  default     = "info"

  validation {
    condition     = contains(["debug", "info", "warn", "error", "off"], var.log_level)
    error_message = "log_level is \"debug\", \"info\", \"warn\", \"error\" or \"off\"."
  }
}

variable "log_retention_days" {
  description = "How long the functions' logs are kept."
  type        = number
  default     = 90

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days
    )
    error_message = "log_retention_days must be one of the periods that CloudWatch Logs knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, …"
  }
}

variable "vpc" {
  description = "Subnets and security groups to run the functions in. They need a way to the AWS APIs: a NAT gateway, or a proxy (`https_proxy`); endpoints lead to some of them."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null

  validation {
    condition     = var.vpc == null ? true : length(var.vpc.subnet_ids) > 0 && length(var.vpc.security_group_ids) > 0
    error_message = "vpc needs at least one of subnet_ids and one of security_group_ids; leave vpc out to run without one."
  }
}

variable "https_proxy" {
  description = "HTTPS_PROXY of all functions, a proxy with its port: what they ask AWS and webhooks for goes through it; mail servers (SMTP) are not reached so. The security groups of `vpc` must let its port out."
  type        = string
  default     = null

  validation {
    condition     = var.https_proxy == null || can(regex("^https?://[A-Za-z0-9.-]+:[0-9]{1,5}$", var.https_proxy))
    error_message = "https_proxy is a proxy with its port, such as \"http://proxy.example.com:3128\". No user and no password: whoever sees the functions could read them."
  }
}

variable "no_proxy" {
  description = "NO_PROXY of all functions: what they reach without `https_proxy`, such as `[\".secretsmanager.eu-west-1.amazonaws.com\"]` for a VPC's endpoints. Hosts with their subdomains, addresses and networks."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for host in var.no_proxy : can(regex("^[^\\s,]+$", host))])
    error_message = "no_proxy are hosts, addresses and networks, without commas and blanks."
  }
  validation {
    condition     = length(var.no_proxy) == 0 || var.https_proxy != null
    error_message = "no_proxy is for https_proxy: without a proxy nothing goes through one."
  }
}

variable "schedule_expression" {
  description = "When a run begins: an expression of EventBridge Scheduler. Once a day is what rekeyer is made for."
  type        = string
  default     = "cron(0 6 * * ? *)"

  validation {
    condition     = can(regex("^(cron|rate|at)\\(.+\\)$", var.schedule_expression))
    error_message = "schedule_expression looks like \"cron(0 6 * * ? *)\" or \"rate(1 day)\"."
  }
}

variable "schedule_timezone" {
  description = "The time zone of `schedule_expression`, by its IANA name, such as \"Europe/Berlin\"."
  type        = string
  default     = "UTC"

  validation {
    condition     = can(regex("^[A-Za-z]+([/_+-][A-Za-z0-9]+)*$", var.schedule_timezone))
    error_message = "schedule_timezone is the IANA name of a time zone, such as \"Europe/Berlin\"."
  }
}

variable "schedule_enabled" {
  description = "Whether runs begin by themselves."
  type        = bool
  default     = true
}

variable "max_concurrency" {
  description = "How many accounts are worked on at a time. Leave room in the account's quota of concurrent functions for everything else."
  type        = number
  default     = 40

  validation {
    condition     = var.max_concurrency >= 1 && var.max_concurrency <= 1000 && floor(var.max_concurrency) == var.max_concurrency
    error_message = "max_concurrency is a whole number from 1 to 1000."
  }
}

variable "reserved_concurrency" {
  description = "Reserved concurrency of the account's function, no less than `max_concurrency`. Without it, none is reserved."
  type        = number
  default     = null

  validation {
    condition     = var.reserved_concurrency == null ? true : var.reserved_concurrency >= var.max_concurrency
    error_message = "reserved_concurrency is less than max_concurrency: the accounts beyond it would be throttled."
  }
}

variable "tolerated_failure_percentage" {
  description = "How many of the accounts may fail before the rest of a pass is given up. With 100, one account's failure never stops another's."
  type        = number
  default     = 100

  validation {
    condition     = var.tolerated_failure_percentage >= 0 && var.tolerated_failure_percentage <= 100
    error_message = "tolerated_failure_percentage is a number from 0 to 100."
  }
}

variable "member_role" {
  description = "The role that is assumed in every account, with its path if it has one; as `organization.member_role` in the configuration."
  type        = string
  default     = "rekeyer-member"

  validation {
    condition     = can(regex("^([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}$", var.member_role))
    error_message = "member_role is a role's name without an ARN, such as \"rekeyer-member\" or \"security/rekeyer-member\"."
  }
  validation {
    condition = try(
      regex("(?m)^[^#\\n]*\\bmember_role\\s*=\\s*[\"']([^\"']*)[\"']", var.configuration)[0], "rekeyer-member"
    ) == var.member_role
    error_message = "member_role and organization.member_role in the configuration differ: the functions would be denied every account."
  }
}

variable "read_organization" {
  description = "Whether the accounts are listed from the organization. With a fixed `[accounts]` map in the configuration: false."
  type        = bool
  default     = true

  validation {
    condition     = can(regex("(?m)^\\s*\\[\\s*accounts\\s*\\]", var.configuration)) != var.read_organization
    error_message = "read_organization is false exactly where the configuration has [accounts]: with a fixed map Organizations is not asked."
  }
}

variable "list_role_arn" {
  description = "The role that may read Organizations, where this account may not; as `organization.list_role_arn` in the configuration."
  type        = string
  default     = null

  validation {
    condition     = var.list_role_arn == null || can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/.+$", var.list_role_arn))
    error_message = "list_role_arn is a role's ARN, such as \"arn:aws:iam::111111111111:role/organization-reader\"."
  }
  validation {
    condition = try(
      regex("(?m)^[^#\\n]*\\blist_role_arn\\s*=\\s*[\"']([^\"']*)[\"']", var.configuration)[0], ""
    ) == (var.list_role_arn == null ? "" : var.list_role_arn)
    error_message = "list_role_arn and organization.list_role_arn in the configuration differ."
  }
}

variable "store_location" {
  description = "Where the secrets are kept: \"member\" (in each user's account) or \"central\" (in this one); as `store.location` in the configuration."
  type        = string
  default     = "member"

  validation {
    condition     = contains(["member", "central"], var.store_location)
    error_message = "store_location is \"member\" or \"central\"."
  }
  validation {
    condition     = can(regex("(?m)^[^#\\n]*\\blocation\\s*=\\s*[\"']central[\"']", var.configuration)) == (var.store_location == "central")
    error_message = "store_location and store.location in the configuration differ: the functions would lack the rights to the store."
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

variable "store_kms_key_arn" {
  description = "With a central store: the key that its secrets are encrypted with. Without one, the module makes a key with the alias `<name>-secrets`."
  type        = string
  default     = null

  validation {
    condition     = var.store_kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.store_kms_key_arn))
    error_message = "store_kms_key_arn is a key's ARN (no alias): \"arn:aws:kms:<region>:<account>:key/<id>\"."
  }
  validation {
    condition     = var.store_kms_key_arn == null || var.store_location == "central"
    error_message = "store_kms_key_arn is for store_location = \"central\": keys of the users' accounts belong to the member role."
  }
}

variable "store_replica_kms_key_arns" {
  description = "With a central store: the keys of `store.replica_kms_key_ids`, by their ARNs."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.store_replica_kms_key_arns) == 0 || var.store_location == "central"
    error_message = "store_replica_kms_key_arns are for store_location = \"central\"."
  }
}

variable "organization_id" {
  description = "The organization's id. With a central store its accounts may decrypt their users' secrets with the key that the module makes."
  type        = string
  default     = null

  validation {
    condition     = var.organization_id == null || can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "organization_id is an id such as \"o-a1b2c3d4e5\"."
  }
}

variable "messages" {
  description = "What the functions may use to tell people: what `[notify]` and `[owner]` of the configuration name, and nothing else."
  type = object({
    administrators     = optional(bool, true)       # notify.administrators is set: the digest of a run is mailed
    sender             = optional(string)           # the address of notify.from, where mails go out by SES
    ses_identity_arns  = optional(list(string), []) # identities of other accounts: identity_arn of ses channels
    ses_identities     = optional(list(string), []) # gone: see sender
    smtp_parameters    = optional(list(string), []) # names of parameters of smtp channels: "/rekeyer/smtp/*"
    webhook_parameters = optional(list(string), []) # names of parameters of webhook channels: "/rekeyer/slack-webhook"
    topic_arns         = optional(list(string), []) # channels of type sns
    event_bus_arns     = optional(list(string), []) # channels of type eventbridge
    templates          = optional(string)           # notify.templates, where that is s3://bucket/prefix
    kms_key_arns       = optional(list(string), []) # keys of encrypted topics and of SecureString parameters
    alternate_contacts = optional(bool, false)      # owner.chain has "alternate-contact"
    account_tags       = optional(bool, false)      # owner.chain has "account-tag"
  })
  default = {}

  validation {
    condition     = var.messages.sender == null || can(regex("^[^@\\s*<>]+@[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.messages.sender))
    error_message = "messages.sender is the address of notify.from alone, such as \"access-keys@example.com\"."
  }
  validation {
    condition     = length(var.messages.ses_identities) == 0
    error_message = "messages.ses_identities is gone: set messages.sender to the address of notify.from. SES asks for more than the sender's identity."
  }
  validation {
    condition     = alltrue([for arn in var.messages.ses_identity_arns : can(regex("^arn:[a-z-]+:ses:[a-z0-9-]+:[0-9]{12}:identity/[^*]+$", arn))])
    error_message = "messages.ses_identity_arns are ARNs such as \"arn:aws:ses:us-east-1:111122223333:identity/example.com\"."
  }
  validation {
    condition     = var.messages.templates == null || can(regex("^s3://[^/]+(/.*)?$", var.messages.templates))
    error_message = "messages.templates looks like \"s3://bucket/prefix\"; templates in the package need no right."
  }
  validation {
    condition = alltrue([
      for name in concat(var.messages.smtp_parameters, var.messages.webhook_parameters) : can(regex("^(/[A-Za-z0-9_.-]+)+(/\\*)?$", name))
    ])
    error_message = "Parameters of messages are names that begin with a slash, such as \"/rekeyer/slack-webhook\" or \"/rekeyer/smtp/*\"."
  }
}

variable "runs_bucket_name" {
  description = "The name of the bucket for the runs' folders. Without one: `<name>-runs-<account>-<region>`."
  type        = string
  default     = null

  validation {
    condition     = var.runs_bucket_name == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.runs_bucket_name))
    error_message = "runs_bucket_name is the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens."
  }
}

variable "runs_retention_days" {
  description = "How long the reports and outcomes of runs are kept."
  type        = number
  default     = 400

  validation {
    condition     = var.runs_retention_days >= 2 && floor(var.runs_retention_days) == var.runs_retention_days
    error_message = "runs_retention_days is a whole number of at least 2: a run's folder must outlive the run."
  }
}

variable "runs_force_destroy" {
  description = "Whether `terraform destroy` deletes the reports of past runs too. Without it, a bucket with reports in it stays, and the command ends with an error when all else is gone."
  type        = bool
  default     = false
}

variable "operations_emails" {
  description = "Addresses that are told when an alarm goes off. Each must confirm the mail that SNS sends it."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.operations_emails : can(regex("^[^@\\s]+@[^@\\s]+$", address))])
    error_message = "operations_emails are mail addresses."
  }
}

variable "missed_run_hours" {
  description = "The alarm for a missed run goes off this many hours after the last report. For a schedule that leaves days out: more."
  type        = number
  default     = 26

  validation {
    condition     = var.missed_run_hours >= 2 && var.missed_run_hours <= 168 && floor(var.missed_run_hours) == var.missed_run_hours
    error_message = "missed_run_hours is a whole number from 2 to 168: CloudWatch looks back a week at most."
  }
}

variable "denied_accounts_tolerated" {
  description = "How many accounts may deny their role before an alarm goes off: those that are known to be without one."
  type        = number
  default     = 0

  validation {
    condition     = var.denied_accounts_tolerated >= 0
    error_message = "denied_accounts_tolerated is 0 or more."
  }
}

variable "permissions_boundary" {
  description = "The ARN of a policy that bounds every role of the deployment."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary == null || can(regex("^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/.+$", var.permissions_boundary))
    error_message = "permissions_boundary is the ARN of a managed policy."
  }
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
}
