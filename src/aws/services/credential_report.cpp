// Reading the credential report row by row: a large account has many thousand.
#include "aws/services/credential_report.hpp"

#include <fmt/format.h>

#include <array>

#include "aws/http/csv.hpp"
#include "aws/http/message.hpp"
#include "base/base64.hpp"
#include "base/json_text.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

/// Where one key slot's cells stand.
struct Slot {
  std::size_t active = 0;
  std::size_t last_rotated = 0;
  std::size_t last_used_date = 0;
  std::optional<std::size_t> last_used_region;
  std::optional<std::size_t> last_used_service;
};

/// Where it says what else a user signs in by; nothing depends on that, so a column that is missing is no failure.
struct LoginColumns {
  std::optional<std::size_t> password_enabled;
  std::optional<std::size_t> password_last_used;
  std::optional<std::size_t> password_last_changed;
  std::optional<std::size_t> mfa_active;
  std::array<std::optional<std::size_t>, 2> certificates;
};

struct Columns {
  std::size_t user = 0;
  std::size_t arn = 0;
  std::array<Slot, 2> slots;
  LoginColumns login;
};

Result<std::size_t> needed(const CsvReader& csv, const std::string& name) {
  const auto at = csv.column(name);
  if (!at) return fail(ErrorKind::bad_reply, fmt::format("the credential report has no column {}", name));
  return *at;
}

Result<Columns> find_columns(const CsvReader& csv) {
  Columns columns;
  TRY(columns.user, needed(csv, "user"));
  TRY(columns.arn, needed(csv, "arn"));
  for (std::size_t i = 0; i < columns.slots.size(); ++i) {
    const std::string prefix = fmt::format("access_key_{}_", i + 1);
    Slot& slot = columns.slots[i];
    TRY(slot.active, needed(csv, prefix + "active"));
    TRY(slot.last_rotated, needed(csv, prefix + "last_rotated"));
    TRY(slot.last_used_date, needed(csv, prefix + "last_used_date"));
    slot.last_used_region = csv.column(prefix + "last_used_region");
    slot.last_used_service = csv.column(prefix + "last_used_service");
    columns.login.certificates[i] = csv.column(fmt::format("cert_{}_active", i + 1));
  }
  columns.login.password_enabled = csv.column("password_enabled");
  columns.login.password_last_used = csv.column("password_last_used");
  columns.login.password_last_changed = csv.column("password_last_changed");
  columns.login.mfa_active = csv.column("mfa_active");
  return columns;
}

/// One of the words that stand where there is no value.
bool is_blank(std::string_view cell) {
  return cell == "N/A" || cell == "no_information" || cell == "not_supported" || cell.empty();
}

Result<bool> read_active(std::string_view cell, std::string_view user) {
  if (equal_ignoring_case(cell, "true")) return true;
  if (equal_ignoring_case(cell, "false") || is_blank(cell)) return false;
  return fail(ErrorKind::bad_reply, fmt::format("the credential report says of {} that a key's state is {}",
                                                json_quoted(user), json_quoted(cell)));
}

Result<std::optional<Instant>> read_key_created(std::string_view cell, std::string_view user) {
  if (is_blank(cell)) return std::nullopt;
  if (const auto instant = parse_iso8601(cell)) return *instant;
  return fail(ErrorKind::bad_reply, fmt::format("the credential report says of {} that a key is from {}",
                                                json_quoted(user), json_quoted(cell)));
}

std::string word(const CsvReader::Row& row, const std::optional<std::size_t>& at) {
  return at && !is_blank(row[*at]) ? std::string(row[*at]) : std::string();
}

LastUse read_column_last_use(const CsvReader::Row& row, const Slot& slot, bool active) {
  const std::string_view cell = row[slot.last_used_date];
  if (const auto at = parse_iso8601(cell)) {
    return LastUse::used(*at, word(row, slot.last_used_service), word(row, slot.last_used_region));
  }
  // Of an inactive key, N/A may also mean "not applicable": that is no evidence.
  return active && (cell == "N/A" || cell == "no_information") ? LastUse::never() : LastUse::unknown();
}

std::optional<bool> yes_or_no(const CsvReader::Row& row, std::optional<std::size_t> column) {
  if (!column) return std::nullopt;
  const std::string_view cell = row[*column];
  if (cell == "true") return true;
  return cell == "false" ? std::optional(false) : std::nullopt;
}

std::optional<Instant> instant_in(const CsvReader::Row& row, std::optional<std::size_t> column) {
  return column ? parse_iso8601(row[*column]) : std::nullopt;
}

ReportedLogin read_login(const CsvReader::Row& row, const LoginColumns& columns) {
  ReportedLogin login;
  login.password = yes_or_no(row, columns.password_enabled);
  login.password_last_used = instant_in(row, columns.password_last_used);
  login.password_changed = instant_in(row, columns.password_last_changed);
  login.mfa = yes_or_no(row, columns.mfa_active);
  for (const auto& column : columns.certificates) login.certificates += yes_or_no(row, column).value_or(false) ? 1 : 0;
  return login;
}

Result<ReportedUser> read_row(const CsvReader::Row& row, const Columns& columns) {
  ReportedUser user;
  user.name = row[columns.user];
  if (user.name.empty() || row[columns.arn].empty()) {
    return fail(ErrorKind::bad_reply, "the credential report has a row without a user or an ARN");
  }
  for (const Slot& slot : columns.slots) {
    ReportedKey key;
    TRY(key.active, read_active(row[slot.active], user.name));
    TRY(key.created, read_key_created(row[slot.last_rotated], user.name));
    if (!key.active && !key.created) continue;  // no key in this slot
    key.last_use = read_column_last_use(row, slot, key.active);
    user.keys.push_back(std::move(key));
  }
  user.login = read_login(row, columns.login);
  return user;
}

/// Nothing at the end.
Result<std::optional<ReportedUser>> next_user(CsvReader& csv, CsvReader::Row& row, const Columns& columns) {
  TRY(const bool more, csv.next(row));
  if (!more) return std::nullopt;
  return read_row(row, columns);
}

Result<CredentialReport> read_rows(CsvReader csv, std::optional<Instant> generated) {
  TRY(const auto columns, find_columns(csv));
  CredentialReport report;
  report.generated = generated;
  for (CsvReader::Row row;;) {
    auto user = next_user(csv, row, columns);
    if (!user) {
      if (report.unreadable_rows++ == 0) report.first_unreadable = user.error().message;
    } else if (!*user) {
      break;
    } else if ((*user)->name == "<root_account>") {
      report.root = **std::move(user);
    } else {
      report.users.push_back(**std::move(user));
    }
  }
  if (report.unreadable_rows > 0 && report.users.empty() && !report.root) {
    return fail(ErrorKind::bad_reply, report.first_unreadable);
  }
  return report;
}

}  // namespace

Result<CredentialReport> parse_credential_report(std::string_view csv, std::optional<Instant> generated) {
  TRY(auto reader, CsvReader::open(csv));
  return read_rows(std::move(reader), generated);
}

Result<CredentialReport> read_credential_report(const XmlNode& result) {
  TRY(const auto generated, result.optional_time("GeneratedTime"));
  TRY(const auto content, result.text("Content"));
  // Never decoded as a whole: the report of a large account is many megabytes.
  constexpr std::size_t letters_of_a_piece = std::size_t{64} * 1024;
  Base64Decoder decoder(content);
  TRY(auto reader, CsvReader::open([&](std::string& text) { return decoder.next(text, letters_of_a_piece); }));
  return read_rows(std::move(reader), generated);
}

}  // namespace rekeyer::aws
