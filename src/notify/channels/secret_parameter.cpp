#include "notify/channels/secret_parameter.hpp"

#include <fmt/format.h>

#include <utility>

namespace rekeyer::notify {

ResultTask<std::shared_ptr<const Secret>> SecretParameter::get() {
  if (value_) co_return value_;
  auto read = co_await client_.parameter(name_);
  if (!read) co_return fail(in_context(std::move(read).error(), fmt::format("the parameter {}", name_)));
  if (read->empty()) co_return fail(ErrorKind::rejected, fmt::format("the parameter {} is empty", name_));
  value_ = std::make_shared<const Secret>(*std::move(read));
  co_return value_;
}

}  // namespace rekeyer::notify
