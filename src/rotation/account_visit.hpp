// One account from opening to its outcome: survey, pick who needs a closer look, look and act user by user.
#pragma once

#include "base/task.hpp"
#include "rotation/access.hpp"
#include "rotation/outcome.hpp"
#include "rotation/run.hpp"
#include "rotation/target.hpp"

namespace rekeyer::rotation {

/// Visits accounts; one failing never stops another (I8).
class AccountVisitor {
 public:
  virtual ~AccountVisitor() = default;
  virtual Task<AccountOutcome> visit(AccountTarget target) = 0;
};

/// Plans; holds nothing that could change anything.
class PlanVisitor final : public AccountVisitor {
 public:
  PlanVisitor(ReadGateway& gateway, const RunContext& run) : gateway_(gateway), run_(run) {}
  Task<AccountOutcome> visit(AccountTarget target) override;

 private:
  ReadGateway& gateway_;
  const RunContext& run_;
};

/// Does what is due.
class ApplyVisitor final : public AccountVisitor {
 public:
  ApplyVisitor(WriteGateway& gateway, const RunContext& run) : gateway_(gateway), run_(run) {}
  Task<AccountOutcome> visit(AccountTarget target) override;

 private:
  WriteGateway& gateway_;
  const RunContext& run_;
};

}  // namespace rekeyer::rotation
