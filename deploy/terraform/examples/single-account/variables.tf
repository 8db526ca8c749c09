# What differs from one account to the next.

variable "package_path" {
  description = "The package for Lambda."
  type        = string
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

variable "region" {
  description = "Where the deployment runs."
  type        = string
  default     = "us-east-1"
}
