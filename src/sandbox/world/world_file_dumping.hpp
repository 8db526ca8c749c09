// The writers of a world file's parts; world_file_parts.hpp has their readers.
#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "sandbox/world/world.hpp"

namespace rekeyer::sandbox {

boost::json::object dump_user(const User& user);
boost::json::object dump_group(const Group& group);
boost::json::object dump_role(const Role& role);
boost::json::object dump_managed(const ManagedPolicy& policy);
boost::json::object dump_report(const std::optional<StoredReport>& report);

boost::json::object dump_secret(const Region& region, const StoredSecret& secret);
boost::json::object dump_kms_key(const Region& region, const KmsKey& key);
boost::json::object dump_mail(const SentMail& mail);
boost::json::object dump_identity_of_mails(const MailIdentity& identity);
boost::json::object dump_topic(const Topic& topic);

class Members;
/// parameters, buckets, event_buses, schedules, state_machines and contacts.
void dump_services(Members& members, const Account& account);

}  // namespace rekeyer::sandbox
