# The runs' folders: lists of accounts, outcomes and reports. Nothing in them is secret, and nobody outside has any business with them.

locals {
  runs_prefix      = "runs"
  runs_bucket_name = coalesce(var.runs_bucket_name, "${var.name}-runs-${local.account}-${local.region}")
  runs_arn         = "arn:${local.partition}:s3:::${local.runs_bucket_name}"
  runs_objects     = "${local.runs_arn}/${local.runs_prefix}/*"
}

resource "aws_s3_bucket" "runs" {
  bucket        = local.runs_bucket_name
  force_destroy = var.runs_force_destroy
  tags          = var.tags
}

resource "aws_s3_bucket_public_access_block" "runs" {
  bucket                  = aws_s3_bucket.runs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "runs" {
  bucket = aws_s3_bucket.runs.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "runs" {
  bucket = aws_s3_bucket.runs.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "runs" {
  bucket = aws_s3_bucket.runs.id

  rule {
    id     = "runs"
    status = "Enabled"

    filter {
      prefix = "${local.runs_prefix}/"
    }

    expiration {
      days = var.runs_retention_days
    }

    # What Step Functions had begun to write when it was stopped.
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_policy" "runs" {
  bucket = aws_s3_bucket.runs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyOverTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [local.runs_arn, "${local.runs_arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })

  # A policy and a block of public policies can't be put at the same time.
  depends_on = [aws_s3_bucket_public_access_block.runs]
}
