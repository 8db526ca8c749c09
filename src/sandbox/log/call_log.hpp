// Who called what, in which account, with which result. Never a secret, never a whole body.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"
#include "sandbox/wire/call.hpp"

namespace rekeyer::sandbox {

struct LoggedCall {
  std::uint64_t number = 0;
  Instant at{};
  std::string service;
  std::string operation;
  Region region;
  AccessKeyId key;
  AccountId account;           ///< of the principal
  std::string principal;       ///< ARN; empty: nobody known
  bool administrator = false;  ///< the sandbox's own administrator, or asked not to be seen
  bool changing = false;
  bool page = false;          ///< a page after the first
  boost::json::object input;  ///< the members that may be shown
  int status = 0;             ///< 0: no reply was sent
  std::string code;           ///< of a refusal
  std::string fault;          ///< the kind of fault that struck
};

class CallLog {
 public:
  /// With `keep` off only the count is kept: a simulation of millions of calls.
  bool keep = true;
  std::size_t open(const Call& call, Instant now);
  LoggedCall* at(std::size_t index);
  void clear();
  const std::vector<LoggedCall>& entries() const { return entries_; }
  std::uint64_t count() const { return count_; }

 private:
  std::vector<LoggedCall> entries_;
  LoggedCall scratch_;
  std::uint64_t count_ = 0;
};

/// The entry in the call log's JSON: at, service, operation, region, key, account, principal, lab, changing, page,
/// input, status, code, fault, n.
boost::json::object describe(const LoggedCall& entry);

}  // namespace rekeyer::sandbox
