// The condition keys of a call: who calls, from where in the organisation, with what, about what.
#pragma once

#include <optional>
#include <string_view>

#include "sandbox/access/judge.hpp"
#include "sandbox/access/needs.hpp"

namespace rekeyer::sandbox {

/// Who the principal is: its ARN, account, organisation, names, tags.
ConditionContext principal_context(const World& world, const Principal& principal);

/// Those of one need of a call, gathered at the first question: most policies have no conditions.
class CallCircumstances final : public Circumstances {
 public:
  struct Parts {
    const World& world;
    const Call& call;
    const Principal& principal;
    const Need& need;
  };
  explicit CallCircumstances(const Parts& parts) : parts_(parts) {}
  const ConditionContext& conditions() const override;

 private:
  Parts parts_;
  mutable std::optional<ConditionContext> gathered_;
};

/// Circumstances that are known already.
class KnownCircumstances final : public Circumstances {
 public:
  explicit KnownCircumstances(ConditionContext context) : context_(std::move(context)) {}
  const ConditionContext& conditions() const override { return context_; }

 private:
  ConditionContext context_;
};

}  // namespace rekeyer::sandbox
