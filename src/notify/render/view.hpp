// What the placeholders of one template stand for: plain data between a mail and the template engine.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace rekeyer::notify {

/// Values by placeholder. An empty text is also a false section, so `{{#due}} … {{/due}}` shows only where there is
/// one.
struct View {
  std::map<std::string, std::string> texts;  ///< anybody's words: cleaned and escaped when they are inserted
  std::map<std::string, std::string> ready;  ///< rendered by us: inserted as they are
  std::map<std::string, bool> flags;
  std::map<std::string, std::vector<View>> lists;

  /// Copies the values of `other` over this one's.
  void add(const View& other) {
    for (const auto& [name, value] : other.texts) texts[name] = value;
    for (const auto& [name, value] : other.ready) ready[name] = value;
    for (const auto& [name, value] : other.flags) flags[name] = value;
    for (const auto& [name, value] : other.lists) lists[name] = value;
  }
};

}  // namespace rekeyer::notify
