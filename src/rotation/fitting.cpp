#include "rotation/fitting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "policy/precedence.hpp"

namespace rekeyer::rotation {
namespace {

/// A rule for an account or an OU is for whoever comes there, so nobody need be there yet.
bool names_users(const policy::Match& match) { return match.user || match.path || match.tag; }

std::string words_for(std::string_view source, std::string_view table, const policy::Match& match) {
  return fmt::format("{}: {} for {}", source, table, policy::describe(match));
}

std::string words_for(const policy::Override& rule) { return words_for(rule.source, "[[override]]", rule.match); }
std::string words_for(const policy::ExemptUser& user) {
  return words_for(user.exemption.source, "[[exempt.user]]", user.match);
}

/// What fits somebody in some account; nothing where an account was not seen.
std::optional<std::set<std::string>> found_in(const RunReport& report) {
  if (report.interrupted || !report.incomplete.empty()) return std::nullopt;
  std::set<std::string> found;
  for (const auto& account : report.accounts) {
    if (account.status == AccountStatus::skipped) continue;
    if (account.status != AccountStatus::done || !account.fitting) return std::nullopt;
    found.insert(account.fitting->begin(), account.fitting->end());
  }
  return found;
}

}  // namespace

Fitting::Fitting(const policy::PolicyConfig& config) {
  const auto add = [&](const auto& candidate) {
    if (names_users(candidate.match)) candidates_.push_back({&candidate.match, words_for(candidate)});
  };
  std::ranges::for_each(config.overrides, add);
  std::ranges::for_each(config.exempt_users, add);
}

void Fitting::look_at(const policy::Subject& subject) {
  for (auto& candidate : candidates_) {
    candidate.fits = candidate.fits || policy::matches(*candidate.match, subject);
  }
}

std::vector<std::string> Fitting::found() const {
  std::vector<std::string> words;
  for (const auto& candidate : candidates_) {
    if (candidate.fits) words.push_back(candidate.words);
  }
  return words;
}

std::vector<std::string> fits_nobody(const policy::PolicyConfig& config, const RunReport& report, Instant now) {
  std::vector<std::string> nobody;
  const auto found = found_in(report);
  if (!found) return nobody;
  const auto look = [&](const auto& candidate) {
    if (!names_users(candidate.match)) return;
    auto words = words_for(candidate);
    if (!found->contains(words)) nobody.push_back(std::move(words));
  };
  std::ranges::for_each(config.overrides, look);
  for (const auto& user : config.exempt_users) {
    const auto& until = user.exemption.until;
    if (!until || *until > now) look(user);
  }
  return nobody;
}

}  // namespace rekeyer::rotation
