// Rules and exemptions that are for certain users, and whether there is anybody whom they fit. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"
#include "policy/match.hpp"
#include "policy/precedence.hpp"
#include "policy/rules.hpp"
#include "rotation/outcome.hpp"

namespace rekeyer::rotation {

/// Looks at the users of one account for what fits them.
class Fitting {
 public:
  explicit Fitting(const policy::PolicyConfig& config);
  void look_at(const policy::Subject& subject);
  /// What fits somebody, each in the words of fits_nobody(), in file order.
  std::vector<std::string> found() const;

 private:
  struct Candidate {
    const policy::Match* match;
    std::string words;
    bool fits = false;
  };
  std::vector<Candidate> candidates_;
};

/// What names users, by name, path or tag, and fits none of the whole run: `rekeyer.toml:30: [[override]] for user =
/// "ci-*"`. Nothing where accounts were not all seen: whom it fits may be in one of the others. An exemption that has
/// ended at `now` is left out: it would exempt nobody anyway.
std::vector<std::string> fits_nobody(const policy::PolicyConfig& config, const RunReport& report, Instant now);

}  // namespace rekeyer::rotation
