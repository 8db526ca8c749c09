// Whom a control call may have signalled: what the process named at the start has started, and nobody else.
#include "sandbox/server/tested_process.hpp"

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

TEST(TestedProcess, WithoutAProcessNamedAtTheStartNobodyIsOne) {
  RealClock clock;
  TestedProcess tested_process(clock);
  const Started started;
  const auto named = tested_process.set(started.pid());
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().kind, ErrorKind::usage);
  EXPECT_THAT(named.error().message, HasSubstr("--victims-of"));
}

TEST(TestedProcess, TheNamedProcessAndWhatItStartedMayBe) {
  RealClock clock;
  TestedProcess tested_process(clock, getpid());
  const Started started;
  EXPECT_TRUE(tested_process.set(started.pid()));
  EXPECT_TRUE(tested_process.set(getpid()));
}

TEST(TestedProcess, WhoStartedTheNamedProcessAndWhoIsBesideItMayNot) {
  RealClock clock;
  const Started named;
  const Started beside;
  TestedProcess tested_process(clock, named.pid());
  EXPECT_FALSE(tested_process.set(beside.pid()));
  EXPECT_FALSE(tested_process.set(getpid()));
  EXPECT_FALSE(tested_process.set(getppid()));
  EXPECT_TRUE(tested_process.set(named.pid()));
}

TEST(TestedProcess, AProcessThatIsGoneIsNone) {
  RealClock clock;
  TestedProcess tested_process(clock, getpid());
  Started started;
  const int pid = started.pid();
  started.end();
  EXPECT_FALSE(tested_process.set(pid));
}

}  // namespace
}  // namespace rekeyer::sandbox
