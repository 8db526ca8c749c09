// Templates of the company's own: read from a folder or from S3 before anything is sent.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "aws/services/s3.hpp"
#include "base/task.hpp"

namespace rekeyer::notify {

/// File name → text. `where`: empty (none), a folder, or s3://bucket/prefix. From a folder every *.html and *.txt is
/// taken, so that a misspelt name is noticed; from S3 those that Templates knows are asked for. Fails with `usage`
/// where it can't be read whole.
ResultTask<std::map<std::string, std::string>> read_templates(std::string where, aws::S3Client& s3);

/// The same for a folder. `where` must be none in S3.
Result<std::map<std::string, std::string>> read_template_folder(const std::string& where);

/// Is it a place in S3?
bool in_s3(std::string_view where);

}  // namespace rekeyer::notify
