#include "notify/render/template_source.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "aws/auth/small_file.hpp"
#include "base/concurrency.hpp"
#include "base/try.hpp"
#include "notify/render/templates.hpp"

namespace rekeyer::notify {
namespace {

using Texts = std::map<std::string, std::string>;

constexpr std::string_view s3_scheme = "s3://";
constexpr std::size_t longest_template = std::size_t{256} << 10;
constexpr std::size_t readers = 8;

std::unexpected<Error> unreadable(std::string_view where, std::string_view why) {
  return fail(ErrorKind::usage, fmt::format("notify.templates: {} can't be read: {}", where, why));
}

/// One bucket's objects, several at a time.
class BucketReading {
 public:
  BucketReading(aws::S3Client& s3, std::string bucket, std::string prefix)
      : s3_(s3), bucket_(std::move(bucket)), prefix_(std::move(prefix)), names_(Templates::file_names()) {}

  ResultTask<Texts> read() {
    co_await for_each_bounded(names_, readers, [this](const std::string& name) { return read_one(name); });
    const auto where = fmt::format("{}{}/{}", s3_scheme, bucket_, prefix_);
    if (failure_) {
      const bool denied = failure_->kind == ErrorKind::access_denied;
      co_return unreadable(
          where, describe(*failure_) +
                     (denied ? "; it takes s3:GetObject on the templates and s3:ListBucket on the bucket" : ""));
    }
    if (texts_.empty()) co_return unreadable(where, "none of the templates' names is there");
    co_return std::move(texts_);
  }

 private:
  Task<void> read_one(const std::string& name) {
    if (failure_) co_return;
    auto text = co_await s3_.object(bucket_, prefix_ + name, longest_template);
    if (text) {
      texts_.emplace(name, std::move(*text));
    } else if (text.error().kind != ErrorKind::not_found && !failure_) {
      failure_ = text.error();
    }
  }

  aws::S3Client& s3_;
  std::string bucket_;
  std::string prefix_;
  std::vector<std::string> names_;
  Texts texts_;
  std::optional<Error> failure_;
};

}  // namespace

bool in_s3(std::string_view where) { return where.starts_with(s3_scheme); }

Result<Texts> read_template_folder(const std::string& where) {
  Texts texts;
  std::error_code problem;
  for (auto entry = std::filesystem::directory_iterator(where, problem);
       !problem && entry != std::filesystem::directory_iterator(); entry.increment(problem)) {
    const auto& path = entry->path();
    if (path.extension() != ".html" && path.extension() != ".txt") continue;
    const auto text = aws::read_small_file(path, longest_template);
    if (!text) return unreadable(path.string(), text.error().message);
    texts.emplace(path.filename().string(), std::string_view(*text));
  }
  if (problem) return unreadable(where, problem.message());
  if (texts.empty()) return unreadable(where, "there is no *.html and no *.txt in it");
  return texts;
}

ResultTask<Texts> read_templates(std::string where, aws::S3Client& s3) {
  if (where.empty()) co_return Texts{};
  if (!in_s3(where)) co_return read_template_folder(where);
  const auto place = where.substr(s3_scheme.size());
  const auto slash = place.find('/');
  auto prefix = slash == std::string::npos ? std::string() : place.substr(slash + 1);
  if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
  BucketReading reading(s3, place.substr(0, slash), std::move(prefix));
  co_return co_await reading.read();
}

}  // namespace rekeyer::notify
