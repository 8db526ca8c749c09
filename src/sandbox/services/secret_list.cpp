// ListSecrets. The vault is ordered by name: a page starts where the last one ended, and stops where the prefix does.
#include "sandbox/services/secret_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>
#include <optional>

#include "base/try.hpp"
#include "sandbox/services/secret_place.hpp"
#include "sandbox/services/secret_rules.hpp"
#include "sandbox/services/secret_shape.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;
using Shelf = std::map<std::string, StoredSecret>;

constexpr std::string_view after_name = "after:";
constexpr std::string_view from_position = "from:";

std::unexpected<ServiceError> invalid_token() {
  return refuse("InvalidNextTokenException", "The NextToken value is invalid.");
}

/// The state that a list shows where it may be frozen: a copy, made when it is first asked for.
const Shelf& shelf(const Call& call, const Context& context) {
  Vault& vault = context.vault(call);
  if (!context.behaviour.secrets_list_frozen) {
    vault.frozen_list.reset();
    return vault.secrets;
  }
  if (vault.frozen_list) return *vault.frozen_list;
  Shelf& copy = vault.frozen_list.emplace(vault.secrets);
  std::erase_if(copy, [&context](const auto& item) { return is_gone(item.second, context.now); });
  for (auto& [name, secret] : copy) {
    for (auto& [id, version] : secret.versions) version.value.clear();
  }
  return copy;
}

/// Secrets of other regions that have a replica here and no namesake, by name.
std::vector<const StoredSecret*> replicas_here(const Call& call, const Context& context) {
  std::vector<const StoredSecret*> result;
  for (const auto& [region, vault] : context.account().vaults) {
    if (region == call.region) continue;
    for (const auto& [name, secret] : vault.secrets) {
      if (!secret.replicas.empty() && replicated_to(secret, call.region.str(), context.now)) result.push_back(&secret);
    }
  }
  std::ranges::sort(result, {}, [](const StoredSecret* secret) -> const std::string& { return secret->name; });
  return result;
}

/// Which names can pass at all.
struct NameRange {
  std::vector<std::string> prefixes;  ///< empty: all names

  explicit NameRange(const std::vector<SecretFilter>& filters) {
    const auto naming = [](const SecretFilter& filter) {
      return filter.key == FilterKey::name && !filter.wanted.empty();
    };
    if (const auto found = std::ranges::find_if(filters, naming); found != filters.end()) prefixes = found->wanted;
  }
  std::string first() const { return prefixes.empty() ? std::string{} : *std::ranges::min_element(prefixes); }
  bool ended(const std::string& name) const {
    if (prefixes.empty()) return false;
    return std::ranges::all_of(prefixes,
                               [&name](const auto& prefix) { return name > prefix && !name.starts_with(prefix); });
  }
};

class SecretListing {
 public:
  SecretListing(const Call& call, const Context& context, std::vector<SecretFilter> filters)
      : region_(call.region),
        now_(context.now),
        frozen_(context.behaviour.secrets_list_frozen),
        lag_(context.behaviour.secrets_list_lag),
        planned_(call.boolean("IncludePlannedDeletion").value_or(false)),
        filters_(std::move(filters)),
        range_(filters_),
        shelf_(shelf(call, context)),
        replicas_(replicas_here(call, context)) {}

  /// Passing secrets by name, up to `most`, after that name ("": from the first).
  std::vector<ListedSecret> after(const std::string& name, std::size_t most) const {
    std::vector<ListedSecret> result;
    const std::string start = range_.first();
    auto own = !name.empty() && name >= start ? shelf_.upper_bound(name) : shelf_.lower_bound(start);
    auto other = std::ranges::find_if(replicas_, [&](const StoredSecret* secret) {
      return secret->name >= start && (name.empty() || secret->name > name);
    });
    while (result.size() < most && (own != shelf_.end() || other != replicas_.end())) {
      const bool own_first = other == replicas_.end() || (own != shelf_.end() && own->first <= (*other)->name);
      const StoredSecret& next = own_first ? (own++)->second : **other++;
      if (range_.ended(next.name)) break;
      if (auto listed = shown(next)) result.push_back(*std::move(listed));
    }
    return result;
  }

 private:
  /// Nothing where the list leaves it out.
  std::optional<ListedSecret> shown(const StoredSecret& secret) const {
    ListedSecret listed{&secret, region_, nullptr};
    if (!frozen_ && lag_ > Milliseconds{0}) {
      const Instant as_of = now_ - lag_;
      if (secret.created > as_of) return std::nullopt;
      const auto past = std::ranges::find_if(secret.past, [&](const SecretPast& state) { return state.until > as_of; });
      if (past != secret.past.end()) listed.past = &*past;
    }
    if (!frozen_ && is_gone(secret, now_)) return std::nullopt;
    const auto& deleted_on = listed.past != nullptr ? listed.past->deleted_on : secret.deleted_on;
    if (deleted_on && !planned_) return std::nullopt;
    if (!passes(filters_, listed)) return std::nullopt;
    return listed;
  }

  Region region_;
  Instant now_;
  bool frozen_;
  Milliseconds lag_;
  bool planned_;
  std::vector<SecretFilter> filters_;
  NameRange range_;
  const Shelf& shelf_;
  std::vector<const StoredSecret*> replicas_;
};

ServiceResult<SecretPage> page_by_name(const SecretListing& listing, std::string_view token, std::size_t size) {
  if (!token.empty() && !token.starts_with(after_name)) return invalid_token();
  const std::string after(token.empty() ? token : token.substr(after_name.size()));
  SecretPage page{listing.after(after, size + 1), {}};
  if (page.secrets.size() > size) {
    page.secrets.pop_back();
    page.next = fmt::format("{}{}", after_name, page.secrets.back().secret->name);
  }
  return page;
}

enum class SortBy { created, changed, accessed, name };

ServiceResult<SortBy> read_sort_by(const Call& call) {
  const std::string_view by = call.text("SortBy").value_or("created-date");
  if (by == "created-date") return SortBy::created;
  if (by == "last-changed-date") return SortBy::changed;
  if (by == "last-accessed-date") return SortBy::accessed;
  if (by == "name") return SortBy::name;
  return unsatisfied("sortBy",
                     "Member must satisfy enum value set: [created-date, last-accessed-date, last-changed-date, name]");
}

Instant date_of(const ListedSecret& listed, SortBy by) {
  if (by == SortBy::created) return listed.secret->created;
  if (by == SortBy::changed) return listed.secret->changed;
  if (by == SortBy::accessed) return listed.secret->accessed.value_or(Instant{});
  return {};
}

ServiceResult<SecretPage> page_by_order(const Call& call, const SecretListing& listing, std::string_view token,
                                        std::size_t size) {
  TRY(const SortBy by, read_sort_by(call));
  const std::string_view order = call.text("SortOrder").value_or(by == SortBy::name ? "asc" : "desc");
  if (order != "asc" && order != "desc")
    return unsatisfied("sortOrder", "Member must satisfy enum value set: [asc, desc]");
  std::size_t start = 0;
  if (!token.empty()) {
    if (!token.starts_with(from_position)) return invalid_token();
    const std::string_view digits = token.substr(from_position.size());
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), start);
    if (failure != std::errc{} || end != digits.data() + digits.size()) return invalid_token();
  }
  auto all = listing.after({}, static_cast<std::size_t>(-1));
  std::ranges::sort(all, [by](const ListedSecret& one, const ListedSecret& other) {
    const auto dates = date_of(one, by) <=> date_of(other, by);
    return dates == 0 ? one.secret->name < other.secret->name : dates < 0;
  });
  if (order == "desc") std::ranges::reverse(all);
  start = std::min(start, all.size());
  const std::size_t end = std::min(start + size, all.size());
  SecretPage page;
  if (end < all.size()) page.next = fmt::format("{}{}", from_position, end);
  page.secrets.assign(all.begin() + static_cast<std::ptrdiff_t>(start), all.begin() + static_cast<std::ptrdiff_t>(end));
  return page;
}

}  // namespace

ServiceResult<SecretPage> page_of_secrets(const Call& call, const Context& context, std::size_t size) {
  TRY(auto filters, read_secret_filters(call));
  const SecretListing listing(call, context, std::move(filters));
  const std::string_view token = call.text_or_empty("NextToken");
  if (call.text("SortBy") || call.text("SortOrder")) return page_by_order(call, listing, token, size);
  return page_by_name(listing, token, size);
}

Output list_secrets(const Call& call, const Context& context) {
  TRY(const std::size_t size, read_page_size(call, 100, context.behaviour.secrets_page));
  TRY(const SecretPage page, page_of_secrets(call, context, size));
  json::array list;
  list.reserve(page.secrets.size());
  for (const ListedSecret& listed : page.secrets) {
    list.push_back(described(*listed.secret, listed.region, "SecretVersionsToStages", listed.past));
  }
  json::object result{{"SecretList", std::move(list)}};
  if (!page.next.empty()) result["NextToken"] = page.next;
  return result;
}

}  // namespace rekeyer::sandbox
