// Whom a control call may have signalled: what the process named at the start has started, and nobody else.
#include "sandbox/door/victim.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/clock.hpp"

namespace rekeyer::sandbox {
namespace {

using ::testing::HasSubstr;

/// A process of ours that waits for its end.
class Started {
 public:
  Started() : pid_(fork()) {
    if (pid_ == 0) {
      for (;;) pause();
    }
  }
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;
  ~Started() { end(); }
  int pid() const { return pid_; }
  void end() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_;
};

TEST(Victim, WithoutAProcessNamedAtTheStartNobodyIsOne) {
  RealClock clock;
  Victim victim(clock);
  const Started started;
  const auto named = victim.set(started.pid());
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().kind, ErrorKind::usage);
  EXPECT_THAT(named.error().message, HasSubstr("--victims-of"));
}

TEST(Victim, TheNamedProcessAndWhatItStartedMayBe) {
  RealClock clock;
  Victim victim(clock, getpid());
  const Started started;
  EXPECT_TRUE(victim.set(started.pid()));
  EXPECT_TRUE(victim.set(getpid()));
}

TEST(Victim, WhoStartedTheNamedProcessAndWhoIsBesideItMayNot) {
  RealClock clock;
  const Started named;
  const Started beside;
  Victim victim(clock, named.pid());
  EXPECT_FALSE(victim.set(beside.pid()));
  EXPECT_FALSE(victim.set(getpid()));
  EXPECT_FALSE(victim.set(getppid()));
  EXPECT_TRUE(victim.set(named.pid()));
}

TEST(Victim, AProcessThatIsGoneIsNone) {
  RealClock clock;
  Victim victim(clock, getpid());
  Started started;
  const int pid = started.pid();
  started.end();
  EXPECT_FALSE(victim.set(pid));
}

}  // namespace
}  // namespace rekeyer::sandbox
