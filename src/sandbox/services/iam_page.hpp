// IAM's pages: Marker, MaxItems, IsTruncated. A marker says after which item the next page starts, so that a page
// stays right when items come and go between two calls.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

class IamPage {
 public:
  /// Refuses a MaxItems outside 1–1000 and a marker that IAM has not given.
  static ServiceResult<IamPage> open(const Call& call, const AwsBehaviour& behaviour);

  /// The key of the last item of the page before; empty on the first page.
  const std::string& after() const { return after_; }
  /// Where to start in a map by those keys.
  template <class Map>
  auto start(Map& map) const {
    return after_.empty() ? map.begin() : map.upper_bound(after_);
  }
  bool full() const { return count_ >= size_; }
  /// Counts an item as being of this page.
  void take() { ++count_; }
  /// There is more: the page ends behind the item of that key.
  void truncate(std::string_view last) {
    last_ = last;
    truncated_ = true;
  }
  /// Adds IsTruncated and Marker.
  void close(boost::json::object& output) const;

 private:
  std::size_t size_ = 0;
  std::size_t count_ = 0;
  std::string after_;
  std::string last_;
  bool truncated_ = false;
};

/// An empty output whose whole tree lives in one arena: made and forgotten quickly, however many items it gets. Give
/// its children its storage.
boost::json::object arena_output();

/// A page of the items of a map by name: `accept(item)` chooses, `describe(object, item)` writes the item's members.
template <class Map, class Accept, class Describe>
Output page_of_map(const Call& call, const Context& context, std::string_view member, Map& map, Accept accept,
                   Describe describe) {
  auto page = IamPage::open(call, context.behaviour);
  if (!page) return std::unexpected(std::move(page).error());
  boost::json::object output = arena_output();
  boost::json::array& items = output.emplace(member, boost::json::array_kind).first->value().get_array();
  auto last = map.end();
  for (auto item = page->start(map); item != map.end(); ++item) {
    if (!accept(item->second)) continue;
    if (page->full()) {
      page->truncate(last->first);
      break;
    }
    describe(items.emplace_back(boost::json::object_kind).get_object(), item->second);
    page->take();
    last = item;
  }
  page->close(output);
  return output;
}

/// A page of a sequence in any order: `key(item)`, a view into the item, is what a marker remembers. Where that item is
/// gone by then, the list starts anew: an item may come twice, but none is left out. `write(array, item)` appends it.
template <class Sequence, class Key, class Write>
Output page_of_sequence(const Call& call, const Context& context, std::string_view member, const Sequence& sequence,
                        Key key, Write write) {
  auto page = IamPage::open(call, context.behaviour);
  if (!page) return std::unexpected(std::move(page).error());
  auto item = sequence.begin();
  if (!page->after().empty()) {
    while (item != sequence.end() && key(*item) != page->after()) ++item;
    item = item == sequence.end() ? sequence.begin() : std::next(item);
  }
  boost::json::object output = arena_output();
  boost::json::array& items = output.emplace(member, boost::json::array_kind).first->value().get_array();
  auto last = item;
  for (; item != sequence.end(); ++item) {
    if (page->full()) {
      page->truncate(key(*last));
      break;
    }
    write(items, *item);
    page->take();
    last = item;
  }
  page->close(output);
  return output;
}

}  // namespace rekeyer::sandbox
