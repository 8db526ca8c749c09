// Fault rules as a test writes and reads them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <utility>

#include "base/try.hpp"
#include "sandbox/faults/faults.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<FaultKind, std::string_view>, 11> kinds{{{FaultKind::error, "error"},
                                                                        {FaultKind::throttle, "throttle"},
                                                                        {FaultKind::deny, "deny"},
                                                                        {FaultKind::expired, "expired"},
                                                                        {FaultKind::html, "html"},
                                                                        {FaultKind::garbage, "garbage"},
                                                                        {FaultKind::cut, "cut"},
                                                                        {FaultKind::truncate, "truncate"},
                                                                        {FaultKind::delay, "delay"},
                                                                        {FaultKind::hang, "hang"},
                                                                        {FaultKind::signal, "signal"}}};

constexpr double longest_fault = 10'000'000;

std::unexpected<Error> wrong_fault(std::string_view member, std::string_view wanted) {
  return fail(ErrorKind::usage, fmt::format("fault: `{}` takes {}", member, wanted));
}

/// Empty where it is no text.
std::string_view text_of(const json::value& value) {
  return value.is_string() ? std::string_view(value.get_string().data(), value.get_string().size()) : "";
}

/// One member of a rule, and how it is read.
struct Reader {
  std::string_view name;
  Result<> (*read)(FaultRule& rule, std::string_view name, const json::value& value);
};

template <std::string FaultRule::* Member>
Result<> read_text(FaultRule& rule, std::string_view name, const json::value& value) {
  if (!value.is_string()) return wrong_fault(name, "a text");
  (rule.*Member).assign(value.get_string().data(), value.get_string().size());
  return {};
}

template <int FaultRule::* Member>
Result<> read_number(FaultRule& rule, std::string_view name, const json::value& value) {
  boost::system::error_code inexact;
  const int number = value.is_number() ? value.to_number<int>(inexact) : -1;
  if (inexact || number < 0) return wrong_fault(name, "a whole number, not negative");
  rule.*Member = number;
  return {};
}

Result<> read_account(FaultRule& rule, std::string_view name, const json::value& value) {
  if (!value.is_string()) return wrong_fault(name, "an account id");
  rule.account = AccountId(std::string(value.get_string().data(), value.get_string().size()));
  return {};
}

Result<> read_when(FaultRule& rule, std::string_view name, const json::value& value) {
  const std::string_view when = text_of(value);
  if (when != "before" && when != "after") return wrong_fault(name, "\"before\" or \"after\"");
  rule.after = when == "after";
  return {};
}

Result<> read_kind(FaultRule& rule, std::string_view name, const json::value& value) {
  for (const auto& [kind, text] : kinds) {
    if (text_of(value) != text) continue;
    rule.kind = kind;
    return {};
  }
  return wrong_fault(name, "error, throttle, deny, expired, html, garbage, cut, truncate, delay, hang or signal");
}

Result<> read_seconds(FaultRule& rule, std::string_view name, const json::value& value) {
  boost::system::error_code ignored;
  const double seconds = value.is_number() ? value.to_number<double>(ignored) : -1;
  if (!(seconds >= 0) || seconds > longest_fault) return wrong_fault(name, "a number of seconds");
  rule.wait = Milliseconds(std::llround(seconds * 1000));
  return {};
}

const Reader readers[] = {
    {"op", read_text<&FaultRule::operation>},
    {"service", read_text<&FaultRule::service>},
    {"account", read_account},
    {"match", read_text<&FaultRule::match>},
    {"skip", read_number<&FaultRule::skip>},
    {"times", read_number<&FaultRule::times>},
    {"when", read_when},
    {"kind", read_kind},
    {"code", read_text<&FaultRule::code>},
    {"message", read_text<&FaultRule::message>},
    {"status", read_number<&FaultRule::status>},
    {"seconds", read_seconds},
    {"signal", read_number<&FaultRule::signal>},
    {"seen", read_number<&FaultRule::seen>},
    {"hit", read_number<&FaultRule::hit>},
};

/// How long a fault waits that was not told.
Milliseconds usual_wait(FaultKind kind) {
  if (kind == FaultKind::delay) return Milliseconds(1'000);
  if (kind == FaultKind::hang) return Milliseconds(5'000);
  return Milliseconds(0);
}

}  // namespace

std::string_view name(FaultKind kind) {
  const auto found = std::ranges::find(kinds, kind, [](const auto& entry) { return entry.first; });
  return found == kinds.end() ? std::string_view() : found->second;
}

Result<FaultRule> parse_fault(const json::object& rule) {
  FaultRule result;
  for (const auto& member : rule) {
    const std::string_view key(member.key().data(), member.key().size());
    const auto reader = std::ranges::find(readers, key, &Reader::name);
    if (reader == std::end(readers)) return fail(ErrorKind::usage, fmt::format("fault: there is no member `{}`", key));
    TRY_VOID(reader->read(result, key, member.value()));
  }
  if (!rule.contains("seconds")) result.wait = usual_wait(result.kind);
  return result;
}

json::object describe_fault(const FaultRule& rule) {
  json::object result;
  result["op"] = rule.operation;
  if (!rule.service.empty()) result["service"] = rule.service;
  if (!rule.account.empty()) result["account"] = rule.account.str();
  if (!rule.match.empty()) result["match"] = rule.match;
  result["skip"] = rule.skip;
  result["times"] = rule.times;
  result["when"] = rule.after ? "after" : "before";
  result["kind"] = name(rule.kind);
  if (!rule.code.empty()) result["code"] = rule.code;
  if (!rule.message.empty()) result["message"] = rule.message;
  if (rule.status != 0) result["status"] = rule.status;
  if (rule.wait != Milliseconds(0)) result["seconds"] = static_cast<double>(rule.wait.count()) / 1000.0;
  if (rule.kind == FaultKind::signal) result["signal"] = rule.signal;
  result["seen"] = rule.seen;
  result["hit"] = rule.hit;
  return result;
}

}  // namespace rekeyer::sandbox
