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
class CallContext final : public RequestContext {
 public:
  struct Parts {
    const World& world;
    const Call& call;
    const Principal& principal;
    const Need& need;
  };
  explicit CallContext(const Parts& parts) : parts_(parts) {}
  const ConditionContext& conditions() const override;

 private:
  Parts parts_;
  mutable std::optional<ConditionContext> gathered_;
};

/// A context that is known already.
class KnownContext final : public RequestContext {
 public:
  explicit KnownContext(ConditionContext context) : context_(std::move(context)) {}
  const ConditionContext& conditions() const override { return context_; }

 private:
  ConditionContext context_;
};

}  // namespace rekeyer::sandbox
