// What is needed in order to tell people: templates, channels and who the owners are, made from the configuration.
#pragma once

#include <memory>
#include <optional>

#include "engine/session.hpp"
#include "notify/deliver/aws_contacts.hpp"
#include "notify/deliver/dispatch.hpp"
#include "rotation/access.hpp"
#include "rotation/aws_gateway.hpp"

namespace rekeyer::engine {

/// How telling went.
struct DeliverySummary {
  std::vector<std::string> failing_channels;  ///< one line each
  std::size_t mails_refused = 0;              ///< accepted by no channel
};

class Notifier {
 public:
  /// Reads the templates and makes the channels; connects to none of them. Fails with `usage` where the configuration
  /// can't be used: before anything is rotated. `session` outlives it.
  static ResultTask<std::unique_ptr<Notifier>> open(const Session& session);

  /// After an apply: tells `audience` and writes down who was told. Findings go into the report.
  Task<DeliverySummary> tell(rotation::WriteGateway& gateway, rotation::RunReport& report, notify::Audience audience);
  /// After an apply whose accounts were told already: the digest of the whole run.
  Task<DeliverySummary> tell_administrators(const rotation::RunReport& report,
                                            std::vector<std::string> failing_channels);
  /// After a plan: who could not be told goes into the report.
  Task<void> find_owners(rotation::RunReport& report);
  /// After a plan: the audit mails, which say that nothing was changed.
  Task<DeliverySummary> send_audit(const rotation::RunReport& report);

  const notify::Templates& templates() const { return *templates_; }
  const notify::ChannelSet& channels() const { return channels_; }

 private:
  explicit Notifier(const Session& session);
  ResultTask<> build();
  notify::Dispatcher dispatcher();
  void say_what_failed(const notify::Dispatch& dispatch) const;

  const Context& context_;
  const rotation::OwnIdentity& self_;
  std::optional<notify::Templates> read_;  ///< where the context brings none
  const notify::Templates* templates_ = nullptr;
  notify::ChannelSet channels_;
  aws::OrganizationsClient organizations_;
  aws::AccountClient accounts_;
  notify::AwsContacts contacts_;
  notify::OwnerResolver owners_;
};

}  // namespace rekeyer::engine
