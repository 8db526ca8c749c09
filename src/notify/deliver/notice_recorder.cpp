#include "notify/deliver/notice_recorder.hpp"

#include <algorithm>
#include <map>

#include "base/concurrency.hpp"
#include "base/log.hpp"
#include "rotation/notice_record_writer.hpp"

namespace rekeyer::notify {
namespace {

using ByAccount = std::map<AccountId, std::vector<UserDeliveries>>;

class NoticeRecorder {
 public:
  NoticeRecorder(rotation::WriteGateway& gateway, const rotation::Settings& rotation, Clock& clock,
                 rotation::RunReport& report)
      : gateway_(gateway), rotation_(rotation), clock_(clock), report_(report) {}

  Task<void> write(AccountId account, std::vector<UserDeliveries> users) {
    const auto access = co_await gateway_.open_for_writing(account);
    for (auto& user : users) {
      if (!access) {
        not_recorded(user.user, access.error());
        continue;
      }
      auto record = policy::after_deliveries(user.user.record, user.deliveries, user.user.decided);
      const auto written =
          co_await rotation::write_notice_record(**access, rotation_, clock_, user.user, std::move(record));
      if (!written) not_recorded(user.user, written.error());
    }
  }

 private:
  void not_recorded(const rotation::UserNotices& user, const Error& error) {
    log::warn("what the owner was told can't be recorded: the next run tells it again",
              {{"account", user.subject.account.str()}, {"user", user.subject.user.str()}, {"error", describe(error)}});
    report_.accounts.add_row(rotation::user_row(user.subject.account, user.subject.user, policy::Action::warn,
                                                rotation::RunReason::not_recorded, rotation::ActionStatus::failed,
                                                "what the owner was told: " + describe(error)));
  }

  rotation::WriteGateway& gateway_;
  const rotation::Settings& rotation_;
  Clock& clock_;
  rotation::RunReport& report_;
};

}  // namespace

Task<void> record_deliveries(rotation::WriteGateway& gateway, const rotation::Settings& rotation, Clock& clock,
                             Dispatch dispatch, rotation::RunReport& report) {
  ByAccount by_account;
  for (auto& user : dispatch.users) by_account[user.user.subject.account].push_back(std::move(user));
  std::vector<ByAccount::value_type*> accounts;
  for (auto& entry : by_account) accounts.push_back(&entry);
  NoticeRecorder recorder(gateway, rotation, clock, report);
  co_await for_each_bounded(accounts, rotation.limits.concurrency, [&](ByAccount::value_type* entry) {
    return recorder.write(entry->first, std::move(entry->second));
  });
}

}  // namespace rekeyer::notify
