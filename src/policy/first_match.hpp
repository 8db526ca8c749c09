// Policy as data: rows of a condition and a verdict, and the first that applies.
#pragma once

#include <initializer_list>

#include "policy/key_tables.hpp"

namespace rekeyer::policy {

struct Row {
  bool applies = false;
  KeyRuling ruling;
};

/// The first row that applies. A table ends in a row that always does; one that did not would hold the key, which harms
/// nobody.
inline KeyRuling first_match(std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    if (row.applies) return row.ruling;
  }
  return {Action::hold, Reason::unknown_status, {}};
}

}  // namespace rekeyer::policy
