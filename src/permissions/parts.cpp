#include "permissions/parts.hpp"

#include <fmt/format.h>

#include <iterator>

namespace rekeyer::permissions {

void append(Statements& all, Statements more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::string arn(const PolicyRequest& request, const ArnParts& parts) {
  return fmt::format("arn:{}:{}:{}:{}:{}", request.partition, parts.service, parts.region, parts.account, parts.rest);
}

}  // namespace rekeyer::permissions
