#include "rotation/identity.hpp"

#include <fmt/format.h>

#include "base/try.hpp"

namespace rekeyer::rotation {

ResultTask<aws::UserDetail> same_user(aws::IamReader& iam, policy::Subject known) {
  CO_TRY(auto now, co_await iam.get_user(known.user));
  if (now.user.id == known.id) co_return now;
  co_return fail(ErrorKind::conflict,
                 fmt::format("the name {} is another user's by now ({}, not {})", known.user, now.user.id, known.id));
}

}  // namespace rekeyer::rotation
