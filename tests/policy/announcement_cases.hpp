// The decision's table where retirements wait for their owner to be told; decision_table.hpp has the language.
#pragma once

#include <string_view>

namespace rekeyer::policy {

inline constexpr std::string_view announcements = R"(
case its owner was told when it was replaced
  rules require_notice=true
  told A rotated@10d day=0d
  A      100d 20d       active    retiring@10d previous | deactivate installation_over 0d
  B      10d  1d        active    current@10d  current  | keep       young             80d
case nobody told its owner
  rules require_notice=true
  A      100d 20d       active    retiring@10d previous | hold       not_announced     0d
  B      10d  1d        active    current@10d  current  | keep       young             80d
case no channel took the message
  rules require_notice=true
  told A rotated@10d day=0d failed
  A      100d 20d       active    retiring@10d previous | hold       not_announced     0d
  B      10d  1d        active    current@10d  current  | keep       young             80d
case a message about something else announces nothing
  rules require_notice=true
  told A rotation-soon@17d day=10d
  A      100d 20d       active    retiring@10d previous | hold       not_announced     0d
  B      10d  1d        active    current@10d  current  | keep       young             80d
case told an hour ago, so the owner has the rest of the day
  rules require_notice=true notice_period=1d
  told A deactivation-soon@1h day=0d
  A      100d 20d       active    retiring@10d previous | hold       announced         22h
  B      10d  1d        active    current@10d  current  | keep       young             80d
case never before the day that was named
  rules require_notice=true
  told A rotated@10d day=-3d
  A      100d 20d       active    retiring@10d previous | hold       announced         2d12h
  B      10d  1d        active    current@10d  current  | keep       young             80d
case a key that was in use goes when nothing uses it any more, before its deadline
  rules require_notice=true
  told A in-use@5d day=-20d
  A      105d 20d       active    retiring@15d previous | deactivate installation_over -5d
  B      15d  1d        active    current@15d  current  | keep       young             75d
case two keys in use were told of, but not that one of them goes
  rules require_notice=true two_active=evict-least-recently-used
  told A two-keys@5d
  A      100d 2d        active    -            no       | hold       not_announced     -2d
  B      50d  1d        active    -            no       | keep       young             40d
case told which of the two keys goes, and when
  rules require_notice=true two_active=evict-least-recently-used
  told A two-keys@5d day=1d
  A      100d 2d        active    -            no       | deactivate evicted           -2d
  B      50d  1d        active    -            no       | keep       young             40d
case an unused key is announced too
  rules require_notice=true
  A      90d  never     active    -            no       | hold       not_announced     0d
case an unused key whose owner knows
  rules require_notice=true
  told A unused@7d day=0d
  A      90d  never     active    -            no       | deactivate unused            0d
case deleted when its deactivation was told
  rules require_notice=true
  told A deactivated@10d day=0d
  A      110d 30d       inactive  retiring@20d,off=10d,by previous | delete recovery_over  0d
  B      20d  1d        active    current@20d  current  | keep       young             70d
case told that it would be deactivated is not told that it will be deleted
  rules require_notice=true
  told A in-use@10d day=0d
  A      110d 30d       inactive  retiring@20d,off=10d,by previous | hold   not_announced  0d
  B      20d  1d        active    current@20d  current  | keep       young             70d
case nobody has the secret of an orphan, so nobody needs to know
  rules require_notice=true
  A      50d  1d        active    -            no       | keep       young             40d
  B      2d   never     inactive  orphan@2d,off=2d,by no | delete    orphan            -1d
case an operator in an emergency waits for no mail
  rules require_notice=true
  force deactivate_now
  A      100d 1d        active    retiring@1d  previous | deactivate forced            0d
  B      1d   1d        active    current@1d   current  | keep       young             89d
)";

}  // namespace rekeyer::policy
