// Writes sample mails of every stage and mail into a folder, or the documentation's part that shows them:
// render_samples FOLDER, render_samples --docs mails|placeholders.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "notify/render/templates.hpp"
#include "notify/sample_mails.hpp"
#include "notify/sample_texts.hpp"

namespace rekeyer::testing {
namespace {

using notify::Mail;

void write(const std::filesystem::path& folder, const std::string& name, const Mail& mail) {
  std::ofstream(folder / (name + ".html")) << mail.html;
  std::ofstream(folder / (name + ".txt")) << "Subject: " << mail.subject << "\n\n" << mail.text;
}

void write_all(const std::filesystem::path& folder) {
  const auto templates = notify::Templates::with({});
  if (!templates) throw std::runtime_error(templates.error().message);
  std::filesystem::create_directories(folder);
  std::vector<notify::NoticeContext> all;
  for (const policy::NoticeKind kind : policy::all_notice_kinds()) {
    write(folder, std::string(policy::name(kind)), templates->render(sample_owner_mail({sample_notice(kind)})));
    all.push_back(sample_notice(kind));
  }
  write(folder, "owner-several", templates->render(sample_owner_mail(all)));
  write(folder, "owner-hostile",
        templates->render(sample_owner_mail(
            {hostile_notice(policy::NoticeKind::rotated), hostile_notice(policy::NoticeKind::unused)})));
  write(folder, "account", templates->render(sample_account_digest(false)));
  write(folder, "audit", templates->render(sample_account_digest(true)));
  write(folder, "administrators", templates->render(sample_administrator_digest()));
  notify::AdministratorDigest quiet;
  quiet.sender = "access-keys@example.com";
  quiet.now = sample_now();
  quiet.weekly = true;
  quiet.accounts = 1;
  quiet.users = 1;
  write(folder, "administrators-quiet", templates->render(quiet));
}

}  // namespace
}  // namespace rekeyer::testing

int main(int count, char** arguments) {
  const std::string first = count > 1 ? arguments[1] : "";
  if (first == "--docs" && count == 3) {
    const bool mails = std::string(arguments[2]) == "mails";
    std::fputs((mails ? rekeyer::testing::documented_mails() : rekeyer::testing::documented_placeholders()).c_str(),
               stdout);
  } else if (!first.empty() && !first.starts_with('-') && count == 2) {
    rekeyer::testing::write_all(first);
  } else {
    std::fputs("usage: render_samples FOLDER | --docs mails | --docs placeholders\n", stderr);
    return 2;
  }
}
