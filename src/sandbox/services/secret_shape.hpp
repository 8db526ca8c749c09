// How secrets look in answers: the members that DescribeSecret, ListSecrets and the short answers have in common.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string_view>

#include "base/names.hpp"
#include "sandbox/services/secret_place.hpp"
#include "sandbox/world/secrets_state.hpp"

namespace rekeyer::sandbox {

/// ARN and Name: what most operations answer with.
boost::json::object named(const SecretPlace& place);
boost::json::object named(const StoredSecret& secret);

/// All but the values. DescribeSecret and ListSecrets call the labels differently: `stages_member`. With `past`, what
/// it knows is shown as it was.
boost::json::object described(const StoredSecret& secret, const Region& region, std::string_view stages_member,
                              const SecretPast* past = nullptr);
/// Array of Region, KmsKeyId, Status, StatusMessage.
boost::json::array described_replicas(const StoredSecret& secret, Instant now);
boost::json::array described_stages(const SecretVersion& version);
/// A version's value, labels and date, added to `answer`.
void add_value(boost::json::object& answer, const SecretVersion& version);

}  // namespace rekeyer::sandbox
