// One key's notice as the values of its template's placeholders. Pure.
#pragma once

#include "notify/model/mails.hpp"
#include "notify/render/view.hpp"

namespace rekeyer::notify {

View notice_view(const NoticeContext& context, Instant now);

}  // namespace rekeyer::notify
