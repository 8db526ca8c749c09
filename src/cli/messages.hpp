// What a command needs in order to tell people: templates, channels and who the owners are, made from the
// configuration.
#pragma once

#include <memory>
#include <optional>

#include "cli/runtime.hpp"
#include "notify/aws_contacts.hpp"
#include "notify/dispatch.hpp"
#include "rotation/access.hpp"

namespace rekeyer::cli {

class Messages {
 public:
  /// Reads the templates and makes the channels; connects to none of them. Fails with `usage` where the configuration
  /// can't be used: before anything is rotated.
  static ResultTask<std::unique_ptr<Messages>> open(Runtime& runtime, rotation::Self self);

  /// After an apply: tells everybody and writes down who was told. Findings go into the report.
  Task<void> tell(rotation::WriteGateway& gateway, rotation::RunReport& report);
  /// After a plan: who could not be told goes into the report; with `audit` the audit mails are sent.
  Task<void> look(rotation::RunReport& report, bool audit);

  const notify::Templates& templates() const { return *templates_; }
  const notify::ChannelSet& channels() const { return channels_; }

 private:
  Messages(Runtime& runtime, rotation::Self self);
  ResultTask<> build();
  notify::Dispatcher dispatcher();
  void say_what_failed(const notify::Dispatch& dispatch) const;

  Runtime& runtime_;
  rotation::Self self_;
  std::optional<notify::Templates> templates_;
  notify::ChannelSet channels_;
  aws::OrganizationsClient organizations_;
  aws::AccountClient accounts_;
  notify::AwsContacts contacts_;
  notify::OwnerResolver owners_;
};

}  // namespace rekeyer::cli
