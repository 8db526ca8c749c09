// Credential reports are made for every account of every simulated day, so rows are appended to one reserved text.
#include "sandbox/services/iam_report_csv.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "sandbox/services/iam_entities.hpp"
#include "sandbox/world/key_use.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::string_view header =
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
    "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
    "access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,"
    "access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
    "cert_1_last_rotated,cert_2_active,cert_2_last_rotated";
constexpr std::string_view no_key = ",false,N/A,N/A,N/A,N/A";
constexpr std::string_view no_certificates = ",false,N/A,false,N/A";
constexpr std::size_t row_size = 300;

/// Over the zeros of a text, the number's last digit at its last place.
void put_number(std::span<char> place, unsigned number) {
  for (auto digit = place.rbegin(); digit != place.rend(); ++digit) {
    *digit = static_cast<char>('0' + number % 10);
    number /= 10;
  }
}

/// "2026-01-02T03:04:05+00:00"
void append_date(std::string& out, Instant at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(seconds - day);
  auto text = std::to_array("0000-00-00T00:00:00+00:00");
  const std::span<char> places(text);
  put_number(places.subspan<0, 4>(), static_cast<unsigned>(static_cast<int>(date.year())));
  put_number(places.subspan<5, 2>(), static_cast<unsigned>(date.month()));
  put_number(places.subspan<8, 2>(), static_cast<unsigned>(date.day()));
  put_number(places.subspan<11, 2>(), static_cast<unsigned>(time.hours().count()));
  put_number(places.subspan<14, 2>(), static_cast<unsigned>(time.minutes().count()));
  put_number(places.subspan<17, 2>(), static_cast<unsigned>(time.seconds().count()));
  out.append(text.data(), text.size() - 1);
}

/// IAM's names may hold a comma; nothing in them or in their ARNs needs another escape.
void append_cell(std::string& out, std::string_view text) {
  const bool quoted = text.find(',') != std::string_view::npos;
  if (quoted) out.push_back('"');
  out.append(text);
  if (quoted) out.push_back('"');
}

void append_use(std::string& out, const std::optional<KeyUse>& use) {
  if (!use) {
    out.append(",N/A,N/A,N/A");
    return;
  }
  out.push_back(',');
  append_date(out, use->at);
  out.append(",").append(use->region.empty() ? "N/A" : use->region);
  out.append(",").append(use->service.empty() ? "N/A" : use->service);
}

struct Moment {
  const AwsBehaviour& behaviour;
  Instant now;
};

void append_key(std::string& out, const AccessKey* key, const Moment& moment) {
  if (key == nullptr) {
    out.append(no_key);
    return;
  }
  out.append(key->active ? ",true," : ",false,");
  append_date(out, key->created);
  append_use(out, visible_use(*key, moment.now, moment.behaviour.last_used_lag));
}

void append_keys(std::string& out, const std::vector<AccessKey>& keys, const Moment& moment) {
  const AccessKey* first = keys.empty() ? nullptr : &keys[0];
  const AccessKey* second = keys.size() < 2 ? nullptr : &keys[1];
  // The slots are in no useful order; going by id makes sure that nobody relies on age.
  if (second != nullptr && second->id < first->id) std::swap(first, second);
  append_key(out, first, moment);
  append_key(out, second, moment);
}

void append_root(std::string& out, const World& world, const Account& account) {
  out.append("<root_account>,arn:").append(world.partition).append(":iam::").append(account.id.str()).append(":root,");
  append_date(out, account.joined);
  out.append(",not_supported,no_information,not_supported,not_supported,true");
  for (int slot = 0; slot < 2; ++slot) {
    if (slot >= account.iam.root_keys) {
      out.append(no_key);
      continue;
    }
    out.append(",true,");
    append_date(out, account.joined);
    out.append(",N/A,N/A,N/A");
  }
  out.append(no_certificates);
}

void append_user(std::string& out, const std::string& arn_start, const User& user, const Moment& moment) {
  append_cell(out, user.name.str());
  out.push_back(',');
  const bool quoted = user.name.str().find(',') != std::string::npos || user.path.find(',') != std::string::npos;
  if (quoted) out.push_back('"');
  out.append(arn_start).append(user.path).append(user.name.str());
  if (quoted) out.push_back('"');
  out.push_back(',');
  append_date(out, user.created);
  if (user.password_last_used) {
    out.append(",true,");
    append_date(out, *user.password_last_used);
    out.push_back(',');
    append_date(out, user.created);
    out.append(",N/A,false");
  } else {
    out.append(",false,N/A,N/A,N/A,false");
  }
  append_keys(out, user.keys, moment);
  out.append(no_certificates);
}

}  // namespace

std::string credential_report_csv(const World& world, const Account& account, const AwsBehaviour& behaviour,
                                  Instant now) {
  std::string out;
  out.reserve(header.size() + row_size * (account.iam.users.size() + 1));
  out.append(header).push_back('\n');
  append_root(out, world, account);
  const std::string arn_start = "arn:" + world.partition + ":iam::" + account.id.str() + ":user";
  const Moment moment{behaviour, now};
  for (const auto& [name, user] : account.iam.users) {
    out.push_back('\n');
    append_user(out, arn_start, user, moment);
  }
  return out;
}

}  // namespace rekeyer::sandbox
