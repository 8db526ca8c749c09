// The one table of what rekeyer.toml may hold. It drives parsing, the starter file, and the check of
// docs/configuration.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/draft.hpp"

namespace rekeyer::config {

/// One key of one table.
struct Key {
  std::string_view name;
  std::string_view fallback;  ///< as TOML; empty: none
  std::string_view allowed;   ///< what it takes, in words
  std::string_view meaning;   ///< one line of the starter file
  void (*read)(Draft& draft, const Entry& entry) = nullptr;
  Range range{};               ///< of numbers; `allowed` then need not say it
  std::string_view example{};  ///< as TOML, for the starter file, where there is no default
};

enum class TableKind {
  table,     ///< [name]
  repeated,  ///< [[name]]
  map        ///< [name], whose keys are names of the file's own choice: [accounts]
};

/// One table of the file.
struct Table {
  std::string_view name;     ///< "exempt.user" stands inside "exempt"; "match" is the inline table of the repeated ones
  std::string_view meaning;  ///< lines of the starter file
  TableKind shape = TableKind::table;
  std::span<const Key> keys;
  void (*begin)(Draft& draft, SourcePosition place) = nullptr;  ///< of a repeated one: makes room for one more
  void (*end)(Draft& draft, SourcePosition place, const Node& node) = nullptr;  ///< checks it as a whole
  void (*read_map)(Draft& draft, const Node& node) = nullptr;                   ///< of a map: reads it all
  /// Whole examples for the starter file, where no single one shows every key.
  std::string_view examples{};
  /// Does nothing by itself, and the documents show it whole: an example in the starter file, so that what they show
  /// can be put at its end.
  bool off = false;
};

/// All tables, in documentation order.
std::span<const Table> tables();
/// The table of that name; null where there is none.
const Table* find_table(std::string_view name);

/// What a key takes, in words: `allowed`, or its range.
std::string allowed_text(const Key& key);

/// Reads every member of `node` as a key of `table`; unknown ones are problems with a suggestion.
void read_members(Draft& draft, const Table& table, const Node& node);

/// Reads one [table] or each of the [[table]]s; a wrong shape is a problem.
void read_table(Draft& draft, const Table& table, const Member& member);

/// Problems that show only when all is read: settings that contradict each other or can have no effect.
void check_whole(Draft& draft);

std::span<const Key> organization_keys();
std::span<const Key> accounts_keys();
void read_accounts(Draft& draft, const Node& node);

std::span<const Key> policy_keys();
std::span<const Key> override_keys();
std::span<const Key> exempt_keys();
std::span<const Key> exempt_user_keys();
std::span<const Key> match_keys();
void begin_override(Draft& draft, SourcePosition place);
void end_override(Draft& draft, SourcePosition place, const Node& node);
void begin_exempt_user(Draft& draft, SourcePosition place);
void end_exempt_user(Draft& draft, SourcePosition place, const Node& node);

std::span<const Key> store_keys();
std::span<const Key> discovery_keys();
std::span<const Key> limits_keys();

std::span<const Key> notify_keys();
std::span<const Key> channel_keys();
std::string_view channel_examples();
void begin_channel(Draft& draft, SourcePosition place);
void end_channel(Draft& draft, SourcePosition place, const Node& node);
/// What shows only when all of [notify], its channels and [owner] is read; also sets what follows from there being a
/// channel.
void check_notices(Draft& draft);

std::span<const Key> owner_keys();
std::span<const Key> owner_group_keys();
std::span<const Key> owner_name_keys();
void read_owner_groups(Draft& draft, const Node& node);
void read_owner_names(Draft& draft, const Node& node);
/// [owner] as a whole; `in_use`: there is a channel through which owners are told.
void check_owner(Draft& draft, bool in_use);

}  // namespace rekeyer::config
