// How a map's items come out of S3 and its results go back there.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <expected>
#include <optional>
#include <vector>

#include "scale/interpreter.hpp"

namespace rekeyer::scale {

/// `place`: {"Bucket", "Key"}. Fails with States.ItemReaderFailed where there is no array.
std::expected<boost::json::array, StateError> read_items(ObjectStore& objects, const boost::json::value& place);

struct WrittenResults {
  boost::json::value output;  ///< of the map's state
  std::size_t objects = 0;
};

/// `place`: {"Bucket", "Prefix"}. A manifest, and one object each for what succeeded, failed and was not begun. Fails
/// with States.ResultWriterFailed.
std::expected<WrittenResults, StateError> write_results(ObjectStore& objects, const boost::json::value& place,
                                                        const std::vector<std::optional<Outcome>>& results);

}  // namespace rekeyer::scale
