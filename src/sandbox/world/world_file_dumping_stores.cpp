// Secrets, keys of KMS, mails and topics as a world file has them.
#include "sandbox/world/world_file_dumping.hpp"
#include "sandbox/world/world_file_members.hpp"
#include "sandbox/world/world_file_parts.hpp"

namespace rekeyer::sandbox {
namespace json = boost::json;
namespace {

json::object dump_version(const SecretVersion& version) {
  return Members()
      .always("id", version.id)
      .text("value", version.value)
      .flag("binary", version.binary, false)
      .texts("stages", version.stages)
      .instant("created", version.created)
      .take();
}

json::object dump_replica(const SecretReplica& replica) {
  return Members()
      .always("region", replica.region.str())
      .text("kms_key_id", replica.kms_key_id)
      .text("status", replica.status, "InSync")
      .text("status_message", replica.status_message)
      .some_instant("ready", replica.ready == Instant{} ? std::nullopt : std::optional(replica.ready))
      .take();
}

json::object dump_subscription(const Subscription& subscription) {
  return Members()
      .always("arn", subscription.arn.str())
      .text("protocol", subscription.protocol, "email")
      .always("endpoint", subscription.endpoint)
      .take();
}

json::object dump_published(const PublishedMessage& message) {
  return Members()
      .always("id", message.id)
      .instant("at", message.at)
      .text("subject", message.subject)
      .text("message", message.message)
      .text("structure", message.structure)
      .text_map("attributes", message.attributes)
      .take();
}

}  // namespace

json::object dump_secret(const Region& region, const StoredSecret& secret) {
  Members members;
  members.always("name", secret.name)
      .text("region", region.str(), default_region)
      .always("arn", secret.arn.str())
      .text("description", secret.description)
      .text("kms_key_id", secret.kms_key_id)
      .text_map("tags", secret.tags)
      .instant("created", secret.created)
      .instant("changed", secret.changed)
      .some_instant("accessed", secret.accessed)
      .some_instant("deleted_on", secret.deleted_on)
      .some_instant("deletion", secret.deletion);
  if (secret.policy) members.always("policy", document_value(*secret.policy));
  members.text_map("policy_principals", secret.policy_principals);
  json::array versions;
  for (const auto& [id, version] : secret.versions) versions.emplace_back(dump_version(version));
  return members.filled("versions", std::move(versions))
      .filled("replicas", list_of(secret.replicas, dump_replica))
      .take();
}

json::object dump_kms_key(const Region& region, const KmsKey& key) {
  return Members()
      .always("id", key.id)
      .text("region", region.str(), default_region)
      .text("description", key.description)
      .always("policy", document_value(key.policy))
      .text("spec", key.spec, symmetric_key_spec)
      .text("private_key", key.private_key)
      .flag("enabled", key.enabled, true)
      .instant("created", key.created)
      .take();
}

json::object dump_mail(const SentMail& mail) {
  return Members()
      .always("id", mail.id)
      .instant("at", mail.at)
      .text("region", mail.region.str(), default_region)
      .text("from", mail.from)
      .texts("to", mail.to)
      .texts("cc", mail.cc)
      .texts("bcc", mail.bcc)
      .texts("reply_to", mail.reply_to)
      .text("subject", mail.subject)
      .text("text", mail.text)
      .text("html", mail.html)
      .text("raw", mail.raw)
      .take();
}

json::object dump_topic(const Topic& topic) {
  return Members()
      .always("arn", topic.arn.str())
      .text("display_name", topic.display_name)
      .text_map("tags", topic.tags)
      .filled("subscriptions", list_of(topic.subscriptions, dump_subscription))
      .filled("published", list_of(topic.published, dump_published))
      .take();
}

json::object dump_identity_of_mails(const MailIdentity& identity) {
  return Members()
      .always("name", identity.name)
      .flag("verified", identity.verified, true)
      .text("configuration_set", identity.configuration_set)
      .take();
}

}  // namespace rekeyer::sandbox
