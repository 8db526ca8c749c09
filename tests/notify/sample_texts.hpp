// The parts of docs/notifications.md that are generated: what owners see, and the placeholders of each template.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>

#include "notify/render/placeholders.hpp"
#include "notify/render/templates.hpp"
#include "notify/sample_mails.hpp"

namespace rekeyer::testing {

/// One heading and one block a message.
inline std::string documented_mails() {
  const auto templates = notify::Templates::with({});
  if (!templates) throw std::runtime_error(templates.error().message);
  std::string text;
  const auto add = [&](std::string_view name, const notify::Mail& mail) {
    text += fmt::format("### `{}`\n\n```text\nSubject: {}\n\n{}```\n\n", name, mail.subject, mail.text);
  };
  for (const policy::NoticeKind kind : policy::all_notice_kinds()) {
    add(policy::name(kind), templates->render(sample_owner_mail({sample_notice(kind)})));
  }
  add("account", templates->render(sample_account_digest(false)));
  add("audit", templates->render(sample_account_digest(true)));
  add("administrators", templates->render(sample_administrator_digest()));
  return text;
}

/// One table a vocabulary.
inline std::string documented_placeholders() {
  std::string text;
  for (const notify::PlaceholderSet& words : notify::placeholder_sets()) {
    text += fmt::format("### Placeholders: `{}`\n\n{}.\n\n| placeholder | shape | what it is |\n|---|---|---|\n",
                        words.name, words.what);
    for (const notify::Placeholder& placeholder : words.placeholders) {
      std::string shape = "text";
      if (placeholder.shape == notify::PlaceholderKind::flag) shape = "flag";
      if (placeholder.shape == notify::PlaceholderKind::ready) shape = "ready";
      if (placeholder.shape == notify::PlaceholderKind::list) shape = fmt::format("list of `{}`", placeholder.items);
      text += fmt::format("| `{}` | {} | {} |\n", placeholder.name, shape, placeholder.what);
    }
    text += "\n";
  }
  return text;
}

}  // namespace rekeyer::testing
