// Mails become mails: mustache templates, built in and overridable one by one. Pure; nothing is read here.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "notify/model/mails.hpp"

namespace rekeyer::notify {

/// All templates, checked: a placeholder that nothing fills is an error, not an empty place in a mail.
class Templates {
 public:
  /// The built-in ones with `overrides` (file name → text, such as "owner.html", "rotated.txt") in their place. Fails
  /// with `usage`: every problem with its file and line (unknown file name, unknown placeholder, unbalanced section).
  static Result<Templates> with(const std::map<std::string, std::string>& overrides);
  /// File names that can be overridden, in order.
  static std::vector<std::string> file_names();
  /// A built-in template's text.
  static std::string_view built_in(std::string_view file_name);

  Mail render(const OwnerMail& model) const;
  Mail render(const AccountDigest& model) const;
  Mail render(const AdministratorDigest& model) const;

 private:
  std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace rekeyer::notify
