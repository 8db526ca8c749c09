// Mails through Amazon SES. Its rate is the pace of the SES calls themselves (make_channels() sets it).
#pragma once

#include <string>
#include <vector>

#include "aws/services/ses.hpp"
#include "notify/model/channel.hpp"
#include "notify/model/settings.hpp"

namespace rekeyer::notify {

/// Who writes, for every mail of every channel.
struct Sender {
  std::string from;  ///< "Name <address>" or an address
  std::vector<std::string> reply_to;
};

class SesChannel final : public MailChannel {
 public:
  SesChannel(aws::SesClient client, Sender sender, ChannelSettings settings)
      : client_(std::move(client)), sender_(std::move(sender)), settings_(std::move(settings)) {}
  const std::string& name() const override { return settings_.name; }
  ResultTask<> send(Mail mail) override;

 private:
  aws::SesClient client_;
  Sender sender_;
  ChannelSettings settings_;
};

}  // namespace rekeyer::notify
