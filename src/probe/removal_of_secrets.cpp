// Secrets: copies first, then the secret at once; until AWS has forgotten the name.
#include <algorithm>

#include "aws/services/secrets_manager.hpp"
#include "base/try.hpp"
#include "probe/client.hpp"
#include "probe/removal.hpp"

namespace rekeyer::probe {
namespace {

using namespace std::chrono_literals;

constexpr int looks_for_the_end = 60;

ResultTask<> delete_at_once(Client& client, const std::string& name) {
  aws::JsonWriter body;
  body.begin_object().member("SecretId", name).member("ForceDeleteWithoutRecovery", true).end();
  const auto deleted = co_await client.secret("DeleteSecret", std::move(body));
  if (deleted.accepted() || deleted.refusal->kind == ErrorKind::not_found) co_return Result<>{};
  co_return fail(*deleted.refusal);
}

std::vector<Region> regions_of(const std::vector<aws::ReplicaStatus>& replicas) {
  std::vector<Region> regions;
  for (const auto& replica : replicas) regions.push_back(replica.region);
  return regions;
}

}  // namespace

ResultTask<Removal> take_away_secret(const Account& account, Thing thing) {
  auto principal = account.principal;
  principal.region = thing.region;
  aws::SecretsManagerClient secrets(account.caller, principal);
  Client client(account.caller, principal);
  const SecretName name(thing.name);
  bool begun = false;
  Error last{ErrorKind::conflict, "the secret is still there minutes after its deletion", {}, {}, {}};
  for (int look = 0; look < looks_for_the_end; ++look) {
    if (look > 1) co_await account.clock.sleep_for(3s);
    const auto found = co_await secrets.describe_secret(name);
    if (!found && found.error().kind == ErrorKind::not_found) {
      co_return begun ? Removal::taken_away : Removal::absent;
    }
    if (!found) co_return fail(found.error());
    if (found->name != name || !tagged_by(thing.run, found->tags)) co_return Removal::not_probes;
    begun = true;
    if (!found->replicas.empty()) {
      const auto removed =
          co_await secrets.remove_replicas(name, regions_of(found->replicas), aws::SignBefore::never());
      // A copy that is being made, or taken off already, can't be taken off.
      if (!removed) last = removed.error();
      if (!removed && removed.error().kind == ErrorKind::access_denied) co_return fail(removed.error());
    }
    const auto deleted = co_await delete_at_once(client, thing.name);
    if (deleted) continue;
    last = deleted.error();
    if (last.kind == ErrorKind::access_denied) co_return fail(last);
    if (last.kind == ErrorKind::marked_for_deletion) {
      const auto restored = co_await secrets.restore_secret(name, aws::SignBefore::never());
      if (!restored && restored.error().kind == ErrorKind::access_denied) co_return fail(restored.error());
    }
  }
  co_return fail(last);
}

}  // namespace rekeyer::probe
