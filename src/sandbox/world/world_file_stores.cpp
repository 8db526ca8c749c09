// Secrets, KMS keys, mails and topics of an account, read from a world file.
#include <fmt/format.h>

#include <set>

#include "sandbox/world/world_file_parts.hpp"

namespace rekeyer::sandbox {
namespace {

Region read_region(Fields& fields) { return Region(fields.text("region", default_region)); }

std::set<std::string> as_set(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

void read_version(World& world, StoredSecret& secret, const JsonPath& place) {
  Fields fields(place);
  SecretVersion version;
  version.id = fields.text("id");
  if (version.id.empty()) version.id = world.ids.uuid();
  version.value = fields.text("value");
  version.binary = fields.flag("binary", false);
  version.stages = as_set(fields.texts("stages"));
  version.created = fields.instant("created").value_or(secret.created);
  const auto id = version.id;
  if (!secret.versions.try_emplace(id, std::move(version)).second) {
    fields.report("id", fmt::format("version {} is there already", id));
  }
}

void check_stages(const StoredSecret& secret, Fields& fields) {
  std::set<std::string> held;
  for (const auto& [id, version] : secret.versions) {
    for (const auto& stage : version.stages) {
      if (!held.insert(stage).second) fields.report("versions", fmt::format("two versions hold {}", stage));
    }
  }
}

/// "value" and "token": the one version of a secret as a person writes it.
void read_only_version(World& world, StoredSecret& secret, Fields& fields) {
  const auto token = fields.text("token");
  const auto value = fields.text("value");
  if (!fields.has("value")) return;
  if (!secret.versions.empty()) fields.report("value", "say either this or versions");
  const auto id = token.empty() ? world.ids.uuid() : token;
  secret.versions[id] = SecretVersion{.id = id, .value = value, .stages = {"AWSCURRENT"}, .created = secret.created};
}

SecretReplica read_replica(const JsonPath& place) {
  Fields fields(place);
  return SecretReplica{.region = Region(fields.required("region")),
                       .kms_key_id = fields.text("kms_key_id"),
                       .status = fields.text("status", "InSync"),
                       .status_message = fields.text("status_message"),
                       .ready = fields.instant("ready").value_or(Instant{})};
}

SentMail read_mail(World& world, const JsonPath& place) {
  Fields fields(place);
  auto id = fields.text("id");
  return SentMail{.id = id.empty() ? world.ids.uuid() : std::move(id),
                  .at = fields.instant("at").value_or(place.reading.now),
                  .region = read_region(fields),
                  .from = fields.text("from"),
                  .to = fields.texts("to"),
                  .cc = fields.texts("cc"),
                  .bcc = fields.texts("bcc"),
                  .reply_to = fields.texts("reply_to"),
                  .subject = fields.text("subject"),
                  .text = fields.text("text"),
                  .html = fields.text("html"),
                  .raw = fields.text("raw")};
}

Subscription read_subscription(World& world, const Topic& topic, const JsonPath& place) {
  Fields fields(place);
  auto arn = fields.text("arn");
  if (arn.empty()) arn = fmt::format("{}:{}", topic.arn, world.ids.uuid());
  return Subscription{Arn(std::move(arn)), fields.text("protocol", "email"), fields.required("endpoint")};
}

PublishedMessage read_published(World& world, const JsonPath& place) {
  Fields fields(place);
  auto id = fields.text("id");
  return PublishedMessage{.id = id.empty() ? world.ids.uuid() : std::move(id),
                          .at = fields.instant("at").value_or(place.reading.now),
                          .subject = fields.text("subject"),
                          .message = fields.text("message"),
                          .structure = fields.text("structure"),
                          .attributes = fields.text_map("attributes")};
}

void read_topic(World& world, Account& account, const JsonPath& place) {
  Fields fields(place);
  const auto region = read_region(fields);
  const auto name = fields.text("name");
  auto arn = fields.text("arn");
  if (arn.empty() && name.empty()) fields.report("name", "missing");
  if (arn.empty()) arn = fmt::format("arn:{}:sns:{}:{}:{}", world.partition, region, account.id, name);
  Topic topic{Arn(arn), fields.text("display_name"), {}, {}, fields.text_map("tags")};
  fields.each("subscriptions",
              [&](const JsonPath& each) { topic.subscriptions.push_back(read_subscription(world, topic, each)); });
  fields.each("published", [&](const JsonPath& each) { topic.published.push_back(read_published(world, each)); });
  if (!account.messages.topics.try_emplace(arn, std::move(topic)).second) {
    fields.report("name", fmt::format("{} is there already", arn));
  }
}

/// An address or a domain: as a text where it is verified.
void read_identity(Account& account, const JsonPath& place) {
  if (place.value.is_string()) {
    const auto name = place.text();
    account.messages.identities[name] = MailIdentity{.name = name};
    return;
  }
  Fields fields(place);
  const auto name = fields.required("name");
  account.messages.identities[name] =
      MailIdentity{name, fields.flag("verified", true), fields.text("configuration_set")};
}

}  // namespace

StoredSecret* read_secret(World& world, Account& account, const JsonPath& place) {
  Fields fields(place);
  StoredSecret secret;
  secret.name = fields.required("name");
  const auto region = read_region(fields);
  secret.arn = Arn(fields.text("arn"));
  if (secret.arn.empty()) {
    secret.arn = Arn(fmt::format("arn:{}:secretsmanager:{}:{}:secret:{}-{}", world.partition, region, account.id,
                                 secret.name, world.ids.mixed(6)));
  }
  secret.description = fields.text("description");
  secret.kms_key_id = fields.text("kms_key_id");
  secret.tags = fields.text_map("tags");
  if (fields.find("policy") != nullptr) secret.policy = fields.document("policy");
  secret.policy_principals = fields.text_map("policy_principals");
  secret.created = fields.instant("created").value_or(days_before(place.reading.now, 0));
  secret.changed = fields.instant("changed").value_or(secret.created);
  secret.accessed = fields.instant("accessed");
  secret.deleted_on = fields.instant("deleted_on");
  secret.deletion = fields.instant("deletion");
  fields.each("versions", [&](const JsonPath& version) { read_version(world, secret, version); });
  check_stages(secret, fields);
  read_only_version(world, secret, fields);
  fields.each("replicas", [&](const JsonPath& replica) { secret.replicas.push_back(read_replica(replica)); });
  auto name = secret.name;
  const auto [found, made] = account.vaults[region].secrets.try_emplace(std::move(name), std::move(secret));
  if (!made) fields.report("name", fmt::format("{} is there already", found->first));
  return made ? &found->second : nullptr;
}

void read_kms_key(World& world, Account& account, const JsonPath& place) {
  Fields fields(place);
  const auto region = read_region(fields);
  KmsKey key;
  key.id = fields.text("id");
  if (key.id.empty()) key.id = world.ids.uuid();
  key.arn = Arn(fmt::format("arn:{}:kms:{}:{}:key/{}", world.partition, region, account.id, key.id));
  key.description = fields.text("description");
  key.policy = fields.document(
      "policy", fmt::format(R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":)"
                            R"("arn:{}:iam::{}:root"}},"Action":"kms:*","Resource":"*"}}]}})",
                            world.partition, account.id));
  key.spec = fields.choice("spec", symmetric_key_spec, {symmetric_key_spec, signing_key_spec});
  key.private_key = fields.text("private_key");
  if (key.spec == signing_key_spec && key.private_key.empty()) key.private_key = world.ids.signing_key();
  if (key.spec != signing_key_spec && !key.private_key.empty())
    fields.report("private_key", "only keys that sign have one");
  if (key.spec == signing_key_spec && !is_signing_key(key.private_key)) {
    fields.report("private_key", "must be 64 hexadecimal digits in lower case, below the order of P-256");
  }
  key.enabled = fields.flag("enabled", true);
  key.created = fields.instant("created").value_or(days_before(place.reading.now, 0));
  const auto id = key.id;
  if (!account.vaults[region].keys.try_emplace(id, std::move(key)).second) {
    fields.report("id", fmt::format("{} is there already", id));
  }
}

void read_messages(World& world, Account& account, Fields& fields) {
  auto& messages = account.messages;
  messages.mail_sandbox = fields.flag("mail_sandbox", false);
  fields.each("mail_identities", [&](const JsonPath& identity) { read_identity(account, identity); });
  fields.each("mails", [&](const JsonPath& mail) { messages.mails.push_back(read_mail(world, mail)); });
  fields.each("topics", [&](const JsonPath& topic) { read_topic(world, account, topic); });
}

void read_key_event(World& world, const JsonPath& place) {
  Fields fields(place);
  world.key_events.push_back(KeyEvent{.at = fields.instant("at").value_or(place.reading.now),
                                      .account = AccountId(fields.required("account")),
                                      .user = UserName(fields.required("user")),
                                      .key = AccessKeyId(fields.required("key")),
                                      .what = fields.required("what"),
                                      .by = fields.text("by"),
                                      .secret = fields.text("secret")});
}

}  // namespace rekeyer::sandbox
