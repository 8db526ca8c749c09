# What differs from one organization to the next.

variable "package_path" {
  description = "The package for Lambda."
  type        = string
}

variable "organization_id" {
  description = "The organization's id, such as o-a1b2c3d4e5."
  type        = string
}

variable "organizational_unit_ids" {
  description = "Below which OUs every account gets the role."
  type        = set(string)
}

variable "architecture" {
  description = "What the package was built for: \"arm64\" or \"x86_64\"."
  type        = string
  default     = "arm64"
}

variable "mode" {
  description = "\"plan\" for the first weeks, then \"apply\"."
  type        = string
  default     = "plan"
}

variable "call_as" {
  description = "\"SELF\" in the management account."
  type        = string
  default     = "DELEGATED_ADMIN"
}

variable "region" {
  description = "Where the deployment runs."
  type        = string
  default     = "us-east-1"
}

variable "operations_emails" {
  description = "Who is told of alarms."
  type        = list(string)
  default     = []
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = {}
}
