#include "engine/partition.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "aws/call/partition.hpp"

namespace rekeyer::engine {
namespace {

/// The second field of an ARN; empty for anything else.
std::string_view partition_field(std::string_view text) {
  constexpr std::string_view beginning = "arn:";
  if (!text.starts_with(beginning)) return {};
  text.remove_prefix(beginning.size());
  return text.substr(0, text.find(':'));
}

/// What was found to lie elsewhere, in the words for the person who set it.
class Strangers {
 public:
  explicit Strangers(const aws::Partition& home) : home_(home) {}

  void region(std::string_view key, const Region& region) {
    if (region.empty()) return;
    const auto& partition = aws::partition_of(region);
    if (partition.id == home_.id) return;
    found_.push_back(fmt::format("`{}` is {}, a region of the partition {}: set a region of {}, such as {}", key,
                                 region, partition.id, home_.id, home_.iam_region));
  }

  void arn(std::string_view key, std::string_view text) {
    const auto partition = partition_field(text);
    if (partition.empty() || partition == home_.id || partition.find_first_of("*?") != std::string_view::npos) return;
    found_.push_back(fmt::format("`{}` is {}, which is in the partition {}: its ARN must begin with arn:{}:", key, text,
                                 partition, home_.id));
  }

  /// Only a default can be so: the file's own region was held against its replicas when it was read.
  void replica_at_home(const Region& region) {
    found_.push_back(
        fmt::format("`store.replica_regions` holds {}, where the secrets are already without store.region", region));
  }

  Result<> result() const {
    if (found_.empty()) return {};
    return fail(ErrorKind::usage,
                fmt::format("the caller is in the partition {}, and not all of the configuration fits; {}", home_.id,
                            fmt::join(found_, "; ")));
  }

 private:
  const aws::Partition& home_;
  std::vector<std::string> found_;
};

void look_at_store(Strangers& strangers, const rotation::StoreSettings& store) {
  strangers.region("store.region", store.region);
  strangers.arn("store.kms_key_id", store.kms_key_id);
  strangers.arn("store.proof", store.proof);
  // One of another partition is nobody: whoever is meant by it would find himself shut out.
  for (const auto& arn : store.writers) strangers.arn("store.writers", arn);
  for (const auto& arn : store.former_writers) strangers.arn("store.former_writers", arn);
  for (const auto& arn : store.break_glass) strangers.arn("store.break_glass", arn);
  for (const auto& arn : store.readers) strangers.arn("store.readers", arn);
  for (const auto& region : store.replica_regions) strangers.region("store.replica_regions", region);
  if (std::ranges::find(store.replica_regions, store.region) != store.replica_regions.end()) {
    strangers.replica_at_home(store.region);
  }
  for (const auto& [region, key] : store.replica_kms_key_ids) {
    strangers.arn(fmt::format("store.replica_kms_key_ids.{}", region), key);
  }
}

void look_at_channel(Strangers& strangers, const notify::ChannelSettings& channel) {
  const auto key = [&](std::string_view name) { return fmt::format("notify.channel {}: {}", channel.name, name); };
  strangers.region(key("region"), channel.region);
  strangers.arn(key("identity_arn"), channel.identity_arn);
  strangers.arn(key("topic_arn"), channel.topic_arn);
  strangers.arn(key("bus"), channel.bus);
}

}  // namespace

Region default_store_region(const Region& callers_region) {
  return Region{std::string(aws::partition_of(callers_region).iam_region)};
}

Result<> check_partition(std::string_view partition, const config::Configuration& configuration) {
  const auto* home = aws::partition_named(partition);
  if (home == nullptr) return {};
  Strangers strangers(*home);
  look_at_store(strangers, configuration.rotation.store);
  strangers.arn("organization.list_role_arn", configuration.rotation.scope.list_role.str());
  for (const auto& channel : configuration.notify.channels) look_at_channel(strangers, channel);
  return strangers.result();
}

}  // namespace rekeyer::engine
