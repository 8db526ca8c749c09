// Reads the text tables of the decision's tests (cases/*.txt). A case is a title, what holds for the user, and a row a
// key:
//
//   case the old key is still used after the installation period
//     rules in_use_window=3d                        rules, as a user tag writes them
//     force rotate deactivate_now                   what an operator asked for
//     user exempt | exempt=<end> | exemption_unreadable | rules_unreadable | intent_unreadable | custody_lost
//     user issued_nothing | copies_behind | owner_denied | not_ours
//     intent lease=<when> had=A,B                   an intent on record; start=<when> after the lease: adopted since
//     gone B retiring@10d                           the record of a key that is not there any more
//     told A rotated@10d day=0d failed              what its owner was told, since when, for which day; in vain
//     # key  age   last use  status  record        stored  | action  reason        due
//     A      100d  2d        active  retiring@10d  previous | hold   still_in_use  0d
//     -                                                     | recover intent_expired -5m     the user itself
//     custody A:retiring@10d                        what custody is afterwards; checked where the line is there
//
// Times count from now, backwards in what happened ("100d" is a hundred days ago, "-1h" an hour ahead), forwards in
// A last use is one of s3, or of STS ("sts:10d"), which may be our own verification. In
// `due` ("-1d" was yesterday, "none" is no instant). A key "A" is AKIAA. A status may be "active,signs". A record is
// role@since, then off=, by, back= with commas.
#pragma once

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "policy/decision.hpp"
#include "policy/intent.hpp"
#include "policy/tag_words.hpp"

namespace rekeyer::policy::table {

inline const Instant now = std::chrono::sys_days{std::chrono::year{2026} / 6 / 1} + std::chrono::hours{12};

struct Expected {
  std::string key;  ///< empty for the user
  std::string action;
  std::string reason;
  std::string due;
};

struct Case {
  std::string title;  ///< with its file and line
  UserFacts facts;
  Rules rules;
  Force force;
  std::vector<Expected> expected;
  std::optional<std::string> custody;
};

inline std::runtime_error bad(const std::string& line) { return std::runtime_error("bad line in a table: " + line); }

inline Period period(std::string_view text) {
  const bool ahead = text.starts_with('-');
  if (ahead) text.remove_prefix(1);
  const auto read = parse_period(text);
  if (!read) throw bad(std::string(text));
  return ahead ? -*read : *read;
}
inline Instant ago(std::string_view text) { return now - period(text); }
inline AccessKeyId id(std::string_view letter) { return AccessKeyId("AKIA" + std::string(letter)); }

inline LastUse last_use(std::string_view text) {
  if (text == "unknown") return LastUse::unknown();
  if (text == "never") return LastUse::never();
  if (text.starts_with("sts:")) return LastUse::used(ago(text.substr(4)), "sts", "us-east-1");
  return LastUse::used(ago(text), "s3", "eu-west-1");
}

inline KeyPhase role(std::string_view text) {
  if (text == "current") return KeyPhase::current;
  if (text == "retiring") return KeyPhase::retiring;
  if (text == "orphan") return KeyPhase::orphan;
  if (text == "watched") return KeyPhase::watched;
  throw bad(std::string(text));
}

inline std::optional<KeyRecord> record(std::string_view letter, std::string_view text) {
  if (text == "-") return std::nullopt;
  const auto parts = split(text, ',');
  const auto at = parts[0].find('@');
  if (at == std::string_view::npos) throw bad(std::string(text));
  KeyRecord result{id(letter), role(parts[0].substr(0, at)), ago(parts[0].substr(at + 1)), {}, false, {}};
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i] == "by") {
      result.deactivated_by_us = true;
    } else if (const auto off = field(parts[i], "off")) {
      result.inactive_since = ago(*off);
    } else if (const auto back = field(parts[i], "back")) {
      result.reactivated = ago(*back);
    } else {
      throw bad(std::string(text));
    }
  }
  return result;
}

/// A custody in the table's words.
inline std::string words(const Custody& custody) {
  static constexpr std::array<std::string_view, 4> phases{"current", "retiring", "orphan", "watched"};
  const auto when = [](Instant instant) {
    const auto past = std::chrono::duration_cast<Period>(now - instant);
    return past < Period::zero() ? "-" + format_period(-past) : format_period(past);
  };
  std::string result;
  for (const KeyRecord& key : custody.keys) {
    if (!result.empty()) result += ' ';
    result +=
        fmt::format("{}:{}@{}", key.id.str().substr(4), phases[static_cast<std::size_t>(key.phase)], when(key.since));
    if (key.inactive_since) result += ",off=" + when(*key.inactive_since);
    if (key.deactivated_by_us) result += ",by";
    if (key.reactivated) result += ",back=" + when(*key.reactivated);
  }
  return result;
}

inline Stored stored(std::string_view text) {
  if (text == "no") return Stored::no;
  if (text == "pending") return Stored::pending;
  if (text == "current") return Stored::current;
  if (text == "previous") return Stored::previous;
  throw bad(std::string(text));
}

inline void read_user(std::string_view word, UserFacts& facts) {
  if (word == "exempt") {
    facts.exemption = Exemption{"sealed envelope", {}, "SEC-123", "rekeyer.toml:31"};
  } else if (const auto end = field(word, "exempt")) {
    facts.exemption = Exemption{"sealed envelope", ago(*end), "SEC-123", "rekeyer.toml:31"};
  } else if (word == "exemption_unreadable") {
    facts.exemption_unreadable = "the group can't be read";
  } else if (word == "rules_unreadable") {
    facts.rules_unreadable = "the tag can't be read";
  } else if (word == "intent_unreadable") {
    facts.intent_unreadable = true;
  } else if (word == "custody_lost") {
    facts.custody_lost = true;
  } else if (word == "not_ours") {
    facts.not_ours = "a policy with Allow for arn:aws:iam::111111111111:user/dev";
  } else if (word == "issued_nothing") {
    facts.issued_nothing = true;
  } else if (word == "owner_denied") {
    facts.owner_denied = "its policy keeps its owner from reading";
  } else if (word == "copies_behind") {
    facts.copies_behind = "the copy in eu-west-1 is Failed";
  } else {
    throw bad(std::string(word));
  }
}

inline Intent read_intent(const std::vector<std::string>& words) {
  Intent intent{RunId("8f31c0de12345678"), {}, {}, {}};
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (const auto lease = field(words[i], "lease")) {
      intent.lease_end = ago(*lease);
      intent.started = intent.lease_end - lease_length;
    } else if (const auto start = field(words[i], "start")) {
      intent.started = ago(*start);
    } else if (const auto had = field(words[i], "had")) {
      for (const auto letter : split(*had, ',')) intent.had.push_back(id(letter));
    } else {
      throw bad(words[i]);
    }
  }
  return intent;
}

/// "told A rotated@10d day=-3d failed"
inline NoticeState read_notice_record(const std::vector<std::string>& words) {
  const auto at = words.at(2).find('@');
  if (at == std::string::npos) throw bad(words[2]);
  const auto kind = parse_notice_kind(words[2].substr(0, at));
  if (!kind) throw bad(words[2]);
  NoticeState told{id(words[1]), *kind, 0, {}, ago(words[2].substr(at + 1)), true};
  for (std::size_t i = 3; i < words.size(); ++i) {
    if (const auto day = field(words[i], "day")) {
      told.due = std::chrono::floor<std::chrono::days>(ago(*day));
    } else if (words[i] == "failed") {
      told.accepted = false;
    } else {
      throw bad(words[i]);
    }
  }
  return told;
}

inline std::vector<std::string> words_of_line(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word && word != "#";) words.push_back(word);
  return words;
}

inline void read_rules(const std::vector<std::string>& words, Rules& rules) {
  RuleChanges changes;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    if (equals == std::string::npos) throw bad(words[i]);
    const auto set = changes.set(words[i].substr(0, equals), words[i].substr(equals + 1), "table");
    if (!set) throw bad(set.error().message);
  }
  apply(changes, rules);
}

inline void read_force(const std::vector<std::string>& words, Force& force) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "rotate") {
      force.rotate = true;
    } else if (words[i] == "deactivate_now") {
      force.deactivate_now = true;
    } else {
      throw bad(words[i]);
    }
  }
}

inline KeyStatus status(std::string_view text) {
  if (text == "active") return KeyStatus::active;
  if (text == "inactive") return KeyStatus::inactive;
  if (text == "other") return KeyStatus::other;
  throw bad(std::string(text));
}

/// "A 100d 2d active retiring@10d previous | hold still_in_use 0d", or "- | recover intent_expired -5m".
inline void read_key(const std::vector<std::string>& words, const std::string& line, Case& result) {
  if (words.size() == 5 && words[0] == "-") {
    result.expected.push_back({"", words[2], words[3], words[4]});
    return;
  }
  if (words.size() != 10 || words[6] != "|") throw bad(line);
  KeyFacts key;
  key.id = id(words[0]);
  key.created = ago(words[1]);
  key.last_use = last_use(words[2]);
  const auto state = split(words[3], ',');
  key.status = status(state[0]);
  key.signs_this_run = state.size() > 1 && state[1] == "signs";
  if (const auto known = record(words[0], words[4])) result.facts.custody.put(*known);
  key.stored = stored(words[5]);
  result.facts.keys.push_back(key);
  result.expected.push_back({key.id.str(), words[7], words[8], words[9]});
}

inline void read_line(const std::vector<std::string>& words, const std::string& line, Case& result) {
  const std::string& first = words.front();
  if (first == "rules") return read_rules(words, result.rules);
  if (first == "force") return read_force(words, result.force);
  if (first == "intent") {
    result.facts.intent = read_intent(words);
  } else if (first == "user") {
    for (std::size_t i = 1; i < words.size(); ++i) read_user(words[i], result.facts);
  } else if (first == "gone") {
    result.facts.custody.put(record(words.at(1), words.at(2)).value());
  } else if (first == "told") {
    result.facts.notices.put(read_notice_record(words));
  } else if (first == "custody") {
    result.custody = fmt::format("{}", fmt::join(words.begin() + 1, words.end(), " "));
  } else {
    read_key(words, line, result);
  }
}

/// All cases of a text. Throws std::runtime_error, with the place, where a line can't be read.
inline std::vector<Case> read(std::string_view text, std::string_view file = "table") {
  std::vector<Case> cases;
  std::istringstream stream{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    const auto where = fmt::format("{}:{}", file, ++number);
    const auto words = words_of_line(line);
    if (words.empty()) continue;
    try {
      if (words[0] == "case") {
        cases.emplace_back();
        cases.back().title = fmt::format("{}: {}", where, line.substr(line.find("case") + 5));
        cases.back().facts.account = AccountId("111111111111");
        cases.back().facts.user = UserName("ann");
      } else {
        read_line(words, line, cases.at(cases.size() - 1));
      }
    } catch (const std::exception& error) {
      throw std::runtime_error(fmt::format("{}: {}", where, error.what()));
    }
  }
  return cases;
}

/// All cases of a file of tests/policy/cases.
inline std::vector<Case> read_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("can't read " + path.string());
  return read(std::string(std::istreambuf_iterator<char>(file), {}), path.filename().string());
}

}  // namespace rekeyer::policy::table
