// Every situation that the decision knows, as text tables: what stands before the bar is so, what stands after it is
// decided.
#include "policy/decision_table.hpp"

#include <gtest/gtest.h>

#include <set>

#include "policy/announcement_cases.hpp"
#include "policy/decision.hpp"

namespace rekeyer::policy {
namespace {

constexpr std::string_view single_keys = R"(
case a key is young until its warn period
  # key  age  last use  status    record  stored | action  reason  due
  A      75d  1d        active    -       no     | keep    young   15d
case a second before the warn period
  A      82d23h59m59s  1d  active -       no     | keep    young   7d1s
case owners are warned a week before
  A      83d  1d        active    -       no     | warn    rotation_near 7d
case a second before the rotation period
  A      89d23h59m59s  1d  active -       no     | warn    rotation_near 1s
case rotated at its rotation period exactly
  A      90d  1d        active    -       no     | rotate  rotation_due  0d
case rotated late
  A      97d  2d        active    -       no     | rotate  rotation_due  -7d
case a key of ours is rotated like any other
  A      90d  1d        active    current@90d current | rotate rotation_due 0d
case a key that AWS dates ahead of now is young
  A      -1h  never     active    -       no     | keep    young   90d1h
case without a warn period nobody is warned
  rules warn_period=0d
  A      89d  1d        active    -       no     | keep    young   1d
case a longer warn period warns from the first day
  rules warn_period=100d
  A      0d   never     active    -       no     | warn    rotation_near 90d
case another rotation period
  rules rotation_period=30d
  A      30d  1d        active    -       no     | rotate  rotation_due  0d

# Evidence that is missing allows what adds, and nothing else.
case last use unknown: rotated all the same, as that takes nothing away
  A      90d  unknown   active    -       no     | rotate  rotation_due  0d
case last use unknown is not never used
  rules unused=retire
  A      400d unknown   active    -       no     | rotate  rotation_due  -310d

# Expired, never used.
case never used: deactivated instead of replaced
  A      90d  never     active    -       no     | deactivate unused  0d
case never used, and the rule says to rotate
  rules unused=rotate
  A      90d  never     active    -       no     | rotate  rotation_due  0d
case never used, and the rule says to ignore
  rules unused=ignore
  A      90d  never     active    -       no     | keep    unused_ignored  none
case ignored keys are not warned of a rotation that never comes
  rules unused=ignore
  A      85d  never     active    -       no     | keep    young   5d
case the rule to ignore is about keys that were never used
  rules unused=ignore
  A      90d  80d       active    -       no     | rotate  rotation_due  0d
case never used, but it signs this run
  A      90d  never     active,signs -    no     | hold    signer_key  0d
case the signer's key can be rotated
  A      90d  0d        active,signs -    no     | rotate  rotation_due  0d
case never used, but its owner just lost the key that was used
  A      90d  never     active    -       no     | hold    no_working_replacement 0d
  B      200d 5d        inactive  watched@4d,off=4d no | warn deletion_near 6d
case never used, and nobody can tell whether the other one is
  A      90d  never     active    -       no     | hold    no_working_replacement 0d
  B      200d unknown   inactive  watched@1d,off=1d no | keep in_recovery 9d
case never used, and the key that it replaced is still there, used long before it was retired
  rules rotation_period=12d
  A      12d  never     active    current@12d  current  | hold no_working_replacement 0d
  B      200d 60d       inactive  retiring@12d,off=1d previous | keep in_recovery 9d
case never used, and so was the key that it replaced
  rules rotation_period=12d
  A      12d  never     active    current@12d  current  | deactivate unused 0d
  B      200d never     inactive  retiring@12d,off=1d previous | keep in_recovery 9d
case never used, while the key that it replaced is still active
  A      90d  never     active    current@90d  current  | hold no_room 0d
  B      200d 1d        active    retiring@90d previous | deactivate hard_deadline -50d
case never used, and somebody switched it on again after rekeyer had not
  A      120d never     active    watched@5d,back=5d no | hold reactivated 25d
case never used since it was switched on again
  A      120d never     active    watched@30d,back=30d no | deactivate unused -30d

case a status that rekeyer does not know is not touched
  A      400d 300d      other     -       no     | keep    unknown_status  none
case a key of unknown status takes up a place
  A      90d  1d        active    -       no     | hold    no_room  0d
  B      400d 300d      other     -       no     | keep    unknown_status  none
case no keys, nothing to decide
)";

constexpr std::string_view forced = R"(
case forced: a young key
  force rotate
  A      5d   1d        active    -       no     | rotate  forced  0d
case forced: never used
  force rotate
  A      100d never     active    -       no     | rotate  forced  0d
case forced: last use unknown
  force rotate
  A      5d   unknown   active    -       no     | rotate  forced  0d
case forced: two keys leave no room
  force rotate
  A      20d  1d        active    -       no     | hold    no_room 0d
  B      10d  1d        active    -       no     | hold    no_room 0d
case forced: an idle key of two is no reason to take it before its time
  force rotate
  A      80d  never     active    -       no     | hold    no_room 0d
  B      40d  1d        active    -       no     | hold    no_room 0d
case forced: a retiring key takes up the room
  force rotate
  A      100d 5d        active    retiring@5d previous | warn deactivation_near 5d
  B      5d   1d        active    current@5d  current  | hold no_room 0d
case forced: an administrator's disabled key takes up the room
  force rotate
  A      20d  1d        active    -       no     | hold    no_room 0d
  B      10d  3d        inactive  watched@2d,off=2d no | keep in_recovery 8d
case forced: a disabled key is not replaced
  force rotate
  A      20d  3d        inactive  watched@2d,off=2d no | keep in_recovery 8d
case forced: a retired key whose replacement is gone
  force rotate
  A      100d 1d        active    retiring@20d previous | rotate forced 0d
case forced: a retired key whose replacement was disabled
  force rotate
  A      100d 1d        active    retiring@20d previous | hold no_room 0d
  B      20d  2d        inactive  current@20d,off=1d current | keep in_recovery 9d
case forced: the old key at once, in use or not
  force deactivate_now
  A      100d 0d        active    retiring@0d previous | deactivate forced 0d
  B      0d   never     active    current@0d  current  | keep young 90d
case forced: the old key at once, whatever is known of its use
  force deactivate_now
  A      100d unknown   active    retiring@0d previous | deactivate forced 0d
  B      0d   never     active    current@0d  current  | keep young 90d
case forced: the old key at once, but not the one that signs this run
  force deactivate_now
  A      100d 0d        active,signs retiring@0d previous | hold signer_key 0d
  B      0d   never     active    current@0d  current  | keep young 90d
case forced: the old key stays while the new one is not published
  force deactivate_now
  A      100d 1d        active    retiring@1d current | keep retiring 9d
  B      1d   never     active    current@1d  pending | keep young 89d
case forced: the old key stays while the new one is inactive
  force deactivate_now
  A      100d 1d        active    retiring@1d previous | keep retiring 9d
  B      1d   never     inactive  current@1d,off=1d current | keep in_recovery 9d
case forced: a lone key is never just switched off
  force deactivate_now
  A      80d  1d        active    -       no     | keep young 10d
case forced: an inactive key is deleted no sooner
  force rotate deactivate_now
  A      100d 20d       inactive  retiring@9d,off=9d,by previous | warn deletion_near 1d
  B      9d   1d        active    current@9d  current  | hold no_room 0d
)";

constexpr std::string_view retiring_keys = R"(
case the owner has time to install the new key
  # key  age  last use  status    record       stored   | action  reason    due
  A      92d  1d        active    retiring@2d  previous | keep    retiring  8d
  B      2d   never     active    current@2d   current  | keep    young     88d
case the owner is warned of the deactivation
  A      93d  1d        active    retiring@3d  previous | warn    deactivation_near 7d
  B      3d   never     active    current@3d   current  | keep    young     87d
case the last second of the installation period
  A      100d 5d        active    retiring@9d23h59m59s previous | warn deactivation_near 1s
  B      10d  1d        active    current@9d23h59m59s  current  | keep young 80d
case deactivated when the installation period is over
  A      100d 5d        active    retiring@10d previous | deactivate installation_over 0d
  B      10d  1d        active    current@10d  current  | keep    young     80d
case deactivated although the new key was not used yet
  A      100d 5d        active    retiring@10d previous | deactivate installation_over 0d
  B      10d  never     active    current@10d  current  | keep    young     80d
case an old key that was never used
  A      100d never     active    retiring@10d previous | deactivate installation_over 0d
  B      10d  1d        active    current@10d  current  | keep    young     80d
case still in use: held, and its owner told
  A      100d 2d        active    retiring@10d previous | hold    still_in_use 0d
  B      10d  1d        active    current@10d  current  | keep    young     80d
case in use up to the edge of the window
  A      100d 2d23h59m59s active  retiring@10d previous | hold    still_in_use 0d
  B      10d  1d        active    current@10d  current  | keep    young     80d
case out of use at the edge of the window
  A      100d 3d        active    retiring@10d previous | deactivate installation_over 0d
  B      10d  1d        active    current@10d  current  | keep    young     80d
case a use that AWS dates ahead of now is a use
  A      100d -1h       active    retiring@10d previous | hold    still_in_use 0d
  B      10d  1d        active    current@10d  current  | keep    young     80d
case still in use a second before the hard deadline
  A      130d 0d        active    retiring@39d23h59m59s previous | hold still_in_use -29d23h59m59s
  B      40d  1d        active    current@40d  current  | keep    young     50d
case still in use at the hard deadline
  A      130d 0d        active    retiring@40d previous | deactivate hard_deadline 0d
  B      40d  1d        active    current@40d  current  | keep    young     50d
case still in use, and there is no deadline
  rules hard_deadline=never
  A      150d 0d        active    retiring@60d previous | hold    still_in_use -50d
  B      60d  1d        active    current@60d  current  | keep    young     30d
case the deadline is about use, not about missing evidence
  A      130d unknown   active    retiring@40d previous | hold    last_use_unknown -30d
  B      40d  1d        active    current@40d  current  | keep    young     50d
case in use, and the rule says to warn
  rules in_use=warn
  A      100d 0d        active    retiring@10d previous | deactivate in_use_warned 0d
  B      10d  1d        active    current@10d  current  | keep    young     80d
case in use, and the rule says to ignore
  rules in_use=ignore
  A      100d 0d        active    retiring@10d previous | deactivate in_use_warned 0d
  B      10d  1d        active    current@10d  current  | keep    young     80d
case the rule is about use, not about missing evidence
  rules in_use=ignore
  A      100d unknown   active    retiring@10d previous | hold    last_use_unknown 0d
  B      10d  1d        active    current@10d  current  | keep    young     80d
case last use unknown: nothing is retired on a guess
  A      100d unknown   active    retiring@10d previous | hold    last_use_unknown 0d
  B      10d  1d        active    current@10d  current  | keep    young     80d
case the key that signs this run
  A      100d 5d        active,signs retiring@10d previous | hold signer_key 0d
  B      10d  1d        active    current@10d  current  | keep    young     80d

# The replacement must work (I2).
case the replacement was disabled by an administrator
  A      100d 5d        active    retiring@10d previous | hold    no_working_replacement 0d
  B      10d  3d        inactive  current@10d,off=2d current | keep in_recovery 8d
case the replacement is gone
  A      100d 5d        active    retiring@10d previous | hold    no_working_replacement 0d
  gone B current@10d
  custody A:retiring@10d
case the replacement's secret is gone
  A      100d 5d        active    retiring@10d previous | hold    no_working_replacement 0d
  B      10d  1d        active    current@10d  no       | keep    young     80d
case the owner went back to the old version of the secret
  A      100d 5d        active    retiring@10d current  | hold    no_working_replacement 0d
  B      10d  1d        active    current@10d  previous | keep    young     80d
case the replacement is gone, and another key of the owner's is in its place
  A      100d 5d        active    retiring@10d previous | hold    no_working_replacement 0d
  B      10d  1d        active    -            no       | keep    young     80d
case the same, and the old key is idle
  A      100d 30d       active    retiring@10d previous | deactivate idle   0d
  B      10d  1d        active    -            no       | keep    young     80d
case the same, and nobody knows whether it is
  A      100d unknown   active    retiring@10d previous | hold    no_working_replacement 0d
  B      10d  1d        active    -            no       | keep    young     80d

# Somebody switched it on again.
case reactivated: its installation period starts anew
  A      112d 5d        active    retiring@15d,off=5d,by previous | hold reactivated 10d
  B      15d  1d        active    current@15d  current  | keep    young     75d
  custody A:retiring@0d,back=0d B:current@15d
case reactivated two days ago
  A      112d 5d        active    retiring@2d,back=2d previous | hold reactivated 8d
  B      22d  1d        active    current@22d  current  | keep    young     68d
case reactivated: warned like any retiring key
  A      112d 5d        active    retiring@5d,back=5d previous | warn deactivation_near 5d
  B      25d  1d        active    current@25d  current  | keep    young     65d
case reactivated and not used: deactivated once more
  A      112d 5d        active    retiring@10d,back=10d previous | deactivate installation_over 0d
  B      30d  1d        active    current@30d  current  | keep    young     60d
case reactivated and used: held
  A      112d 1d        active    retiring@10d,back=10d previous | hold still_in_use 0d
  B      30d  1d        active    current@30d  current  | keep    young     60d

case the current key is past its rotation period, the old one still there
  A      200d 1d        active    retiring@90d previous | deactivate hard_deadline -50d
  B      90d  1d        active    current@90d  current  | hold    no_room   0d
)";

constexpr std::string_view inactive_keys = R"(
case deactivated by rekeyer, in recovery
  # key  age  last use  status    record                      stored   | action reason due
  A      102d 12d       inactive  retiring@12d,off=2d,by      previous | keep   in_recovery 8d
  B      12d  1d        active    current@12d                 current  | keep   young 78d
case deleted soon: its owner is warned
  A      103d 13d       inactive  retiring@13d,off=3d,by      previous | warn   deletion_near 7d
  B      13d  1d        active    current@13d                 current  | keep   young 77d
case the last second of the recovery period
  A      110d 20d       inactive  retiring@20d,off=9d23h59m59s,by previous | warn deletion_near 1s
  B      20d  1d        active    current@20d                 current  | keep   young 70d
case deleted when the recovery period is over
  A      110d 20d       inactive  retiring@20d,off=10d,by     previous | delete recovery_over 0d
  B      20d  1d        active    current@20d                 current  | keep   young 70d
case deleted: it was never used
  A      110d never     inactive  retiring@20d,off=10d,by     previous | delete recovery_over 0d
  B      20d  1d        active    current@20d                 current  | keep   young 70d
case last use unknown: not deleted
  A      110d unknown   inactive  retiring@20d,off=10d,by     previous | hold   last_use_unknown 0d
  B      20d  1d        active    current@20d                 current  | keep   young 70d
case last use unknown matters only when it is due
  A      103d unknown   inactive  retiring@13d,off=3d,by      previous | warn   deletion_near 7d
  B      13d  1d        active    current@13d                 current  | keep   young 77d
case used after its deactivation: somebody had switched it on, and nobody saw it go off again: the clock starts anew
  A      110d 2d        inactive  retiring@20d,off=12d,by     previous | hold   used_while_inactive_unclear 10d
  B      20d  1d        active    current@20d                 current  | keep   young 70d
case used after its deactivation, however long ago: it may have been switched off again a minute ago
  A      120d 10d       inactive  retiring@30d,off=20d,by     previous | hold   used_while_inactive_unclear 10d
  B      30d  1d        active    current@30d                 current  | keep   young 60d

# Active past rotation, and an inactive key.
case an inactive key that nobody watched yet: its clock starts, and the other key waits
  A      97d  1d        active    -        no | hold  no_room -7d
  B      300d 200d      inactive  -        no | hold  recovery_clock_started 10d
  custody B:watched@0d,off=0d
case its clock runs
  A      97d  1d        active    -        no | hold  no_room -7d
  B      300d 200d      inactive  watched@5d,off=5d no | warn deletion_near 5d
case it goes, and the other key is rotated by the next run
  A      97d  1d        active    -        no | hold  no_room -7d
  B      300d 200d      inactive  watched@10d,off=10d no | delete recovery_over 0d
case never used and inactive: no other treatment
  A      97d  1d        active    -        no | hold  no_room -7d
  B      300d never     inactive  -        no | hold  recovery_clock_started 10d

# A single inactive key.
case a single inactive key: first sight starts the clock
  A      300d 200d      inactive  -        no | hold  recovery_clock_started 10d
case a single inactive key: deleted after recovery_grace, whatever its age
  A      12d  11d       inactive  watched@10d,off=10d no | delete recovery_over 0d
case a key disabled by an administrator is never replaced
  A      95d  1d        inactive  watched@1d,off=1d no | keep in_recovery 9d
case nor is it when it comes to its rotation period while inactive
  A      90d  8d        inactive  watched@8d,off=8d no | warn deletion_near 2d
case the current key, disabled by an administrator
  A      95d  3d        inactive  current@95d current | hold recovery_clock_started 10d
  custody A:current@95d,off=0d
case the key that was never used and disabled today is not deleted today
  A      400d never     inactive  -        no | hold  recovery_clock_started 10d
case an unused key that rekeyer deactivated
  A      95d  never     inactive  watched@5d,off=5d,by no | warn deletion_near 5d
case inactive, then active again: nobody's business any more
  A      50d  1d        active    watched@5d,off=5d no | keep young 40d
  custody
case deactivated by rekeyer as unused, then switched on again
  A      95d  never     active    watched@5d,off=5d,by no | hold reactivated 30d
  custody A:watched@0d,back=0d
)";

constexpr std::string_view orphans = R"(
case an orphan waits for a day
  # key  age  last use  status    record              stored | action  reason  due
  A      60d  1d        active    current@60d         current | keep    young   30d
  B      12h  never     inactive  orphan@12h,off=12h,by no    | keep    in_recovery 12h
case an orphan goes
  A      60d  1d        active    current@60d         current | keep    young   30d
  B      1d   never     inactive  orphan@1d,off=1d,by no      | delete  orphan  0d
case an orphan makes no rotation before it is gone
  A      90d  1d        active    -                   no      | hold    no_room 0d
  B      1d   never     inactive  orphan@1d,off=1d,by no      | delete  orphan  0d
case an orphan of unknown use stays
  A      60d  1d        active    -                   no      | keep    young   30d
  B      1d   unknown   inactive  orphan@1d,off=1d,by no      | hold    last_use_unknown 0d
case an orphan that was used is somebody's: it gets the time that any key gets
  A      60d  1d        active    -                   no      | keep    young   30d
  B      3d   2d12h     inactive  orphan@3d,off=2d,by no      | keep    in_recovery 8d
case an orphan that could not be deactivated
  A      60d  1d        active    -                   no      | keep    young   30d
  B      1h   never     active    orphan@1h           no      | deactivate orphan -1h
case an active orphan that somebody uses
  A      60d  1d        active    -                   no      | keep    young   30d
  B      2h   1h        active    orphan@2h           no      | hold    still_in_use -2h
case an active orphan of unknown use
  A      60d  1d        active    -                   no      | keep    young   30d
  B      2h   unknown   active    orphan@2h           no      | hold    last_use_unknown -2h
case an active orphan that signs this run
  A      60d  1d        active    -                   no      | keep    young   30d
  B      2h   never     active,signs orphan@2h        no      | hold    signer_key -2h
case an orphan that was switched on again
  A      60d  1d        active    -                   no      | keep    young   30d
  B      20h  never     active    orphan@20h,off=19h,by no    | hold    reactivated 1d
  custody B:orphan@0d,back=0d
case an orphan that was switched on again a day ago
  A      60d  1d        active    -                   no      | keep    young   30d
  B      3d   never     active    orphan@1d,back=1d   no      | deactivate orphan 0d
case an orphan is no key to live on: the user's only key that works stays
  A      100d never     active    -                   no      | hold    no_working_replacement -10d
  B      2h   1h        active    orphan@2h           no      | hold    still_in_use -2h
)";

constexpr std::string_view two_active = R"(
case both young
  # key  age  last use  status    record  stored | action  reason  due
  A      75d  1d        active    -       no     | keep    young   15d
  B      10d  1d        active    -       no     | keep    young   80d
case one near its rotation
  A      85d  1d        active    -       no     | warn    rotation_near 5d
  B      10d  1d        active    -       no     | keep    young   80d
case both past rotation, both in use: held, and the owner told
  A      120d 1d        active    -       no     | hold    two_active -30d
  B      95d  1d        active    -       no     | hold    two_active -5d
case both past rotation, one quiet but not idle
  A      120d 29d23h    active    -       no     | hold    two_active -30d
  B      95d  1d        active    -       no     | hold    two_active -5d
case one idle for 30 days
  A      120d 30d       active    -       no     | deactivate idle 0d
  B      95d  1d        active    -       no     | hold    no_room -5d
case the younger one idle
  A      120d 1d        active    -       no     | hold    no_room -30d
  B      95d  40d       active    -       no     | deactivate idle -10d
case one never used
  A      120d 1d        active    -       no     | hold    no_room -30d
  B      95d  never     active    -       no     | deactivate idle -30d
case both idle: the one idle longest goes, and only that
  A      200d 40d       active    -       no     | hold    no_room -110d
  B      195d 60d       active    -       no     | deactivate idle -30d
case both never used: the older goes
  A      200d never     active    -       no     | deactivate idle -110d
  B      195d never     active    -       no     | hold    no_room -105d
case one past rotation, the other not made by rekeyer: the older is in use
  A      120d 1d        active    current@120d current | hold two_active -30d
  B      20d  1d        active    -       no     | keep    young   70d
case one past rotation, the other not made by rekeyer: the older is idle
  A      120d 50d       active    current@120d current | deactivate idle -20d
  B      20d  1d        active    -       no     | keep    young   70d
case one past rotation, the other young, old enough and never used
  A      120d 1d        active    -       no     | hold    no_room -30d
  B      30d  never     active    -       no     | deactivate idle 0d
case a key that was just made is not idle
  A      120d 1d        active    -       no     | hold    two_active -30d
  B      29d  never     active    -       no     | keep    young   61d
case last use unknown: nobody goes
  A      120d unknown   active    -       no     | hold    last_use_unknown -30d
  B      95d  never     active    -       no     | hold    last_use_unknown -5d
case the last use of the young one unknown: nobody goes either
  A      120d never     active    -       no     | hold    last_use_unknown -30d
  B      20d  unknown   active    -       no     | keep    young   70d
case the idle one signs this run
  A      120d 40d       active,signs -    no     | hold    signer_key -30d
  B      95d  1d        active    -       no     | hold    two_active -5d
case never used keys are to be ignored
  rules unused=ignore
  A      120d 1d        active    -       no     | hold    two_active -30d
  B      95d  never     active    -       no     | keep    unused_ignored none
case somebody switched the idle one on again
  A      120d 1d        active    -       no     | hold    two_active -30d
  B      150d 60d       active    watched@10d,back=10d no | hold two_active -60d
case a shorter idle period
  rules idle_period=10d
  A      120d 10d       active    -       no     | deactivate idle 0d
  B      95d  1d        active    -       no     | hold    no_room -5d
case in use is never idle, whatever the rules say
  rules idle_period=1d in_use_window=3d
  A      120d 2d        active    -       no     | hold    two_active -30d
  B      95d  1d        active    -       no     | hold    two_active -5d

case evict-idle: the one that is not in use
  rules two_active=evict-idle
  A      120d 5d        active    -       no     | deactivate evicted -5d
  B      95d  1d        active    -       no     | hold    no_room -5d
case evict-idle: both in use
  rules two_active=evict-idle
  A      120d 2d        active    -       no     | hold    two_active -30d
  B      95d  1d        active    -       no     | hold    two_active -5d
case evict-idle: last use unknown
  rules two_active=evict-idle
  A      120d unknown   active    -       no     | hold    last_use_unknown -30d
  B      95d  20d       active    -       no     | hold    last_use_unknown -5d
case evict-idle: not the key that was made yesterday
  rules two_active=evict-idle
  A      120d 2d        active    -       no     | hold    two_active -30d
  B      1d   never     active    -       no     | keep    young   89d
case evict-least-recently-used: also one in use
  rules two_active=evict-least-recently-used
  A      120d 1d        active    -       no     | hold    no_room -30d
  B      95d  2d        active    -       no     | deactivate evicted -2d
case evict-least-recently-used: a new key is not an old one for not being used yet
  rules two_active=evict-least-recently-used
  A      120d 2d        active    -       no     | deactivate evicted -2d
  B      1d   never     active    -       no     | keep    young   89d
case evict-least-recently-used: not the one in use, for a key that was only switched on again
  rules two_active=evict-least-recently-used
  A      120d 6h        active    -       no     | hold    two_active -30d
  B      10d  never     active    watched@0d,back=0d no | keep young 80d
case evict-least-recently-used: the key that was switched on again keeps its place, the one that is quiet goes
  rules two_active=evict-least-recently-used
  A      120d 5d        active    -       no     | deactivate evicted -5d
  B      100d 20d       active    watched@1d,back=1d no | hold no_room -10d
case evict-least-recently-used: last use unknown
  rules two_active=evict-least-recently-used
  A      120d unknown   active    -       no     | hold    last_use_unknown -30d
  B      95d  2d        active    -       no     | hold    last_use_unknown -5d
case evict-least-recently-used: it signs this run
  rules two_active=evict-least-recently-used
  A      120d 2d        active,signs -    no     | hold    two_active -30d
  B      95d  1d        active    -       no     | hold    two_active -5d
case evict-least-recently-used: it is to be ignored
  rules two_active=evict-least-recently-used unused=ignore
  A      120d 2d        active    -       no     | hold    two_active -30d
  B      95d  never     active    -       no     | keep    unused_ignored none

# AWS may raise its limit one day.
case three active: a replaced key makes room first
  A      130d 1d        active    retiring@20d previous | hold still_in_use -10d
  B      120d 1d        active    -       no     | hold    no_room -30d
  C      95d  50d       active    current@20d current | hold no_room -5d
case three active: the one idle longest goes
  A      120d 1d        active    -       no     | hold    no_room -30d
  B      95d  40d       active    -       no     | hold    no_room -5d
  C      95d  50d       active    current@95d current | deactivate idle -20d
)";

constexpr std::string_view whole_users = R"(
case exempt: nothing is due
  user exempt
  A      400d never     active    -       no     | exempt  exempt  none
  B      400d 300d      inactive  -       no     | exempt  exempt  none
  custody
case exempt until next week
  user exempt=-7d
  A      400d 1d        active    -       no     | exempt  exempt  7d
case exempt: force does not change it
  user exempt
  force rotate deactivate_now
  A      100d 1d        active    retiring@50d previous | exempt exempt none
  B      50d  1d        active    current@50d  current  | exempt exempt none
case a list of exemptions that can't be read exempts
  user exemption_unreadable
  force rotate
  A      400d 1d        active    -       no     | exempt  exemption_unreadable none
case rules that can't be read: held
  user rules_unreadable
  A      400d 1d        active    -       no     | hold    rules_unreadable none
  B      10d  1d        active    -       no     | hold    rules_unreadable none
case exempt and rules that can't be read
  user exempt rules_unreadable
  A      400d 1d        active    -       no     | exempt  exempt none
case an intent that can't be read: nothing happens
  user intent_unreadable
  A      400d 1d        active    -       no     | hold    intent_unreadable none
  B      300d 200d      inactive  watched@20d,off=20d no | hold intent_unreadable none
  custody B:watched@20d,off=20d
case an intent that can't be read is our own mess, also at an exempt user
  user intent_unreadable exempt
  A      400d 1d        active    -       no     | hold    intent_unreadable none

case another run is at work: what is due waits
  intent lease=-5m had=A
  A      90d  1d        active    -       no     | hold    in_progress 0d
case another run is at work: what is not due stays as it is
  intent lease=-5m had=A
  A      85d  1d        active    -       no     | warn    rotation_near 5d
  B      0d   never     active    -       pending | keep   young   90d
case another run is at work: not written to
  intent lease=-1s had=A,B
  A      90d  1d        active    -       no     | hold    in_progress 0d
  B      300d 200d      inactive  -       no     | hold    in_progress 10d
  custody
case another run is at work at an exempt user
  intent lease=-5m had=A
  user exempt
  A      90d  1d        active    -       no     | exempt  exempt none

case a run ended in the middle: its key is recovered, the rest waits
  intent lease=0d had=A
  A      90d  1d        active    -       no      | hold    recovery_first 0d
  B      15m  never     active    -       pending | recover intent_expired 0d
  custody
case a run ended before it issued a key
  intent lease=5m had=A
  -                                               | recover intent_expired -5m
  A      90d  1d        active    -       no      | hold    recovery_first 0d
case a run ended in the middle, and nothing else is due
  intent lease=1d had=A
  A      85d  1d        active    -       no      | warn    rotation_near 5d
  B      1d   never     active    -       no      | recover intent_expired -1d
case a run ended in the middle of a user that is exempt by now
  intent lease=1d had=A
  user exempt
  A      90d  1d        active    -       no      | exempt  exempt none
  B      1d   never     active    -       no      | recover intent_expired -1d
  custody
case nor is the key that somebody exempt made while an intent waited: only what surely is the run's own is withdrawn
  intent lease=1d start=10d had=A
  user exempt
  -                                               | recover intent_expired -1d
  A      90d  1d        active    -       no      | exempt  exempt none
  B      2d   never     active    -       no      | exempt  exempt none
case the same, and nobody can tell who is exempt
  intent lease=1d start=10d had=A
  user exemption_unreadable
  -                                               | recover intent_expired -1d
  A      90d  1d        active    -       no      | exempt  exemption_unreadable none
  B      2d   never     active    -       no      | exempt  exemption_unreadable none
case what is stored is the run's own, also at an exempt user
  intent lease=1d start=10d had=A
  user exempt
  A      90d  1d        active    -       no      | exempt  exempt none
  B      2d   never     active    -       pending | recover intent_expired -1d
case a run ended in the middle, and rules can't be read
  intent lease=1d had=A
  user rules_unreadable
  A      90d  1d        active    -       no      | hold    recovery_first none
  B      1d   never     active    -       no      | recover intent_expired -1d
case a run ended in the middle, and all keys are gone
  intent lease=1d had=A
  -                                               | recover intent_expired -1d
case a key that its owner made days after the crash is not ours to withdraw
  intent lease=3d had=A
  -                                               | recover intent_expired -3d
  A      92d  1d        active    -       no      | hold    recovery_first -2d
  B      1d   1h        active    -       no      | keep    young 89d
case an adopter's lease starts later than the key
  intent lease=1d had=A
  A      92d  1d        active    -       no      | hold    recovery_first -2d
  B      2d   never     active    -       pending | recover intent_expired -1d
case published, but not on record: left to recovery
  intent lease=1d had=A
  A      90d  1d        active    -       previous | hold   recovery_first 0d
  B      1d   never     active    -       current  | recover intent_expired -1d
  custody
case withdrawn, but not on record: left to recovery
  intent lease=1d had=A
  A      90d  1d        active    -       no      | hold    recovery_first 0d
  B      1d   never     inactive  -       no      | recover intent_expired -1d
  custody
)";

constexpr std::string_view custody = R"(
case records of keys that are gone are dropped
  A      10d  1d        active    current@10d current | keep young 80d
  gone B retiring@10d,off=5d,by
  custody A:current@10d
case the tag is lost: current by the store, retiring since the current was made
  user custody_lost
  A      98d  5d        active    -       previous | warn   deactivation_near 2d
  B      8d   1d        active    -       current  | keep   young 82d
  custody A:retiring@8d B:current@8d
case the tag is lost: a key that can't be told is the owner's
  user custody_lost
  A      80d  1d        active    -       current  | keep   young 10d
  B      8d   1d        active    -       no       | keep   young 82d
  custody A:current@80d
case the tag is lost: an inactive clock starts again
  user custody_lost
  A      110d 20d       inactive  -       previous | hold   recovery_clock_started 10d
  B      20d  1d        active    -       current  | keep   young 70d
  custody A:watched@0d,off=0d B:current@20d
case the tag is lost: what a torn tag says does not count
  user custody_lost
  A      110d 20d       inactive  retiring@20d,off=20d,by previous | hold recovery_clock_started 10d
  B      20d  1d        active    current@20d current | keep   young 70d
case the tag is lost: stored, never published
  user custody_lost
  A      80d  1d        active    -       previous | keep   young 10d
  B      8d   1d        active    -       pending  | keep   young 82d
  custody
case the tag is lost while a run ended in the middle
  user custody_lost
  intent lease=1d had=A
  A      80d  1d        active    -       no       | keep   young 10d
  B      1d   never     active    -       current  | recover intent_expired -1d
  custody
case the tag is lost: an older key that a run left is recovery's all the same
  user custody_lost
  intent lease=1d had=B
  A      3d   never     active    -       no       | recover intent_expired -1d
  B      2d   1d        active    -       current  | keep   young 88d
  custody B:current@2d
case switched on again, then off by somebody else: the clock is a new one
  A      105d 5d        inactive  retiring@3d,by,back=3d previous | hold recovery_clock_started 10d
  B      15d  1d        active    current@15d current | keep young 75d
  custody A:retiring@3d,off=0d B:current@15d
case the published key is not on record
  A      98d  5d        active    current@98d previous | keep retiring 10d
  B      8d   1d        active    -       current  | keep   young 82d
  custody A:retiring@0d B:current@8d
case the published key is on record as watched
  A      120d 20d       active    -       previous | hold  two_active -30d
  B      95d  1d        active    watched@5d,back=5d current | hold two_active -5d
  custody B:current@95d,back=5d
case inactive without a date: the clock starts, the role stays
  A      105d 5d        inactive  retiring@15d previous | hold recovery_clock_started 10d
  B      15d  1d        active    current@15d current | keep young 75d
  custody A:retiring@15d,off=0d B:current@15d
case an unknown status changes no record
  A      105d 5d        other     retiring@15d,off=3d,by previous | keep unknown_status none
  B      15d  1d        active    current@15d current | keep young 75d
  custody A:retiring@15d,off=3d,by B:current@15d
)";

// What the older systems do wrong (and what rekeyer does instead), in the words of their own defects.
constexpr std::string_view older_systems = R"(
case a throttled last use is not "never used": an active key is not deleted before its replacement exists
  A      100d unknown   active    -       no     | rotate  rotation_due -10d
case a throttled last use does not delete the old key either
  A      120d unknown   inactive  retiring@30d,off=20d,by previous | hold last_use_unknown -10d
  B      30d  1d        active    current@30d current | keep young 60d
case an inactive key that was never used yields no new active key
  A      100d never     inactive  -       no     | hold    recovery_clock_started 10d
case nor does it later
  A      110d never     inactive  watched@10d,off=10d no | delete recovery_over 0d
case a key disabled today is not deleted today, old as it may be
  A      500d 1d        inactive  -       no     | hold    recovery_clock_started 10d
case two keys in use: neither the older nor the less used is cut
  A      150d 2d        active    -       no     | hold    two_active -60d
  B      100d 0d        active    -       no     | hold    two_active -10d
case two keys in use, the younger made by the owner
  A      100d 1d        active    -       no     | hold    two_active -10d
  B      5d   0d        active    -       no     | keep    young 85d
case the periods are those that are set: 90/100/110 and not 90/97/107
  A      97d  5d        active    retiring@7d previous | warn deactivation_near 3d
  B      7d   1d        active    current@7d  current  | keep young 83d
case storing failed 8 days ago: the working old key stays
  A      98d  1d        active    -       no     | hold    no_room -8d
  B      8d   never     inactive  orphan@8d,off=8d,by no | delete orphan -7d
case the key in use is not deleted to make room
  A      120d 0d        active    -       no     | hold    no_room -30d
  B      100d 50d       active    -       no     | deactivate idle -20d
)";

std::string due_words(const std::optional<Instant>& due) {
  if (!due) return "none";
  const auto ahead = std::chrono::duration_cast<Period>(*due - table::now);
  return ahead < Period::zero() ? "-" + format_period(-ahead) : format_period(ahead);
}

/// "30d" and "720h" are the same; so are the texts that a table writes for one period.
std::string plain_words(const std::string& due) {
  if (due == "none") return due;
  const Period ahead = table::period(due);
  return ahead < Period::zero() ? "-" + format_period(-ahead) : format_period(ahead);
}

const KeyDecision* find(const UserDecision& decision, const std::string& key) {
  for (const KeyDecision& candidate : decision.keys) {
    if (candidate.key.str() == key) return &candidate;
  }
  return nullptr;
}

void check(const table::Case& row) {
  SCOPED_TRACE(row.title);
  const UserDecision decision = decide(row.facts, row.rules, row.force, table::now);
  EXPECT_EQ(decision.keys.size(), row.expected.size());
  for (const table::Expected& expected : row.expected) {
    const KeyDecision* found = find(decision, expected.key);
    ASSERT_NE(found, nullptr) << expected.key;
    EXPECT_EQ(fmt::format("{} {} {}", name(found->action), name(found->reason), due_words(found->due)),
              fmt::format("{} {} {}", expected.action, expected.reason, plain_words(expected.due)))
        << expected.key << ": " << found->detail;
  }
  if (row.custody) {
    EXPECT_EQ(table::words(decision.custody), *row.custody);
  }
}

void check_all(std::string_view text) {
  const auto cases = table::read(text);
  EXPECT_FALSE(cases.empty());
  for (const table::Case& row : cases) check(row);
}

TEST(DecisionTable, SingleKeys) { check_all(single_keys); }
TEST(DecisionTable, ForcedRotation) { check_all(forced); }
TEST(DecisionTable, RetiringKeys) { check_all(retiring_keys); }
TEST(DecisionTable, InactiveKeys) { check_all(inactive_keys); }
TEST(DecisionTable, Orphans) { check_all(orphans); }
TEST(DecisionTable, TwoActiveKeys) { check_all(two_active); }
TEST(DecisionTable, ExemptionsIntentsAndUnreadableThings) { check_all(whole_users); }
TEST(DecisionTable, Custody) { check_all(custody); }
TEST(DecisionTable, NothingIsRetiredUntold) { check_all(announcements); }
TEST(DecisionTable, DefectsOfOlderSystems) { check_all(older_systems); }

TEST(DecisionTable, HasARowForEveryReasonAndAction) {
  std::set<std::string> reasons;
  std::set<std::string> actions;
  for (const auto text :
       {single_keys, forced, retiring_keys, inactive_keys, orphans, two_active, whole_users, custody, announcements}) {
    for (const table::Case& row : table::read(text)) {
      for (const table::Expected& expected : row.expected) {
        reasons.insert(expected.reason);
        actions.insert(expected.action);
      }
    }
  }
  for (int i = 0; i <= static_cast<int>(Reason::exemption_unreadable); ++i) {
    EXPECT_TRUE(reasons.contains(std::string(name(static_cast<Reason>(i))))) << name(static_cast<Reason>(i));
  }
  for (int i = 0; i <= static_cast<int>(Action::exempt); ++i) {
    EXPECT_TRUE(actions.contains(std::string(name(static_cast<Action>(i))))) << name(static_cast<Action>(i));
  }
}

TEST(DecisionTable, ALineThatCannotBeReadIsAFailure) {
  EXPECT_THROW(table::read("case a\n A 10d 1d active -"), std::runtime_error);
  EXPECT_THROW(table::read("case a\n rules rotaton_period=1d"), std::runtime_error);
}

}  // namespace
}  // namespace rekeyer::policy
