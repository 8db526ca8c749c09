#include "probe/removal.hpp"

namespace rekeyer::probe {

ResultTask<Removal> take_away(const Account& account, Thing thing) {
  switch (thing.kind) {
    case Kind::user: return take_away_user(account, std::move(thing));
    case Kind::secret: return take_away_secret(account, std::move(thing));
    case Kind::topic: return take_away_topic(account, std::move(thing));
  }
  return take_away_topic(account, std::move(thing));
}

}  // namespace rekeyer::probe
