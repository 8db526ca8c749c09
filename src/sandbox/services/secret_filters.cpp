// The filters of ListSecrets and BatchGetSecretValue.
#include "sandbox/services/secret_filters.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <optional>
#include <string_view>

#include "base/text.hpp"
#include "base/try.hpp"
#include "sandbox/services/secret_place.hpp"
#include "sandbox/services/secret_rules.hpp"
#include "sandbox/world/characters.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

struct KeyName {
  std::string_view name;
  FilterKey key;
};
constexpr KeyName key_names[] = {
    {"name", FilterKey::name},
    {"description", FilterKey::description},
    {"tag-key", FilterKey::tag_key},
    {"tag-value", FilterKey::tag_value},
    {"all", FilterKey::all},
    {"primary-region", FilterKey::primary_region},
    {"owning-service", FilterKey::owning_service},
};

bool value_character(char c) { return is_alnum(c) || std::string_view(" :_@/+=.-!").contains(c); }

ServiceResult<SecretFilter> read_secret_filter(const json::value& item) {
  const auto broken = [] { return unsatisfied("filters", "Member must have a known Key and 1 to 10 Values"); };
  const json::object* const object = item.if_object();
  const json::value* const key = object == nullptr ? nullptr : object->if_contains("Key");
  const json::value* const values = object == nullptr ? nullptr : object->if_contains("Values");
  if (key == nullptr || !key->is_string() || values == nullptr || !values->is_array()) return broken();
  const auto known = std::ranges::find(key_names, std::string_view(key->get_string()), &KeyName::name);
  const json::array& texts = values->get_array();
  if (known == std::end(key_names) || texts.empty() || texts.size() > 10) return broken();
  SecretFilter filter{known->key, {}, {}};
  for (const json::value& text : texts) {
    const std::string_view value = text.is_string() ? std::string_view(text.get_string()) : std::string_view("\n");
    if (value.size() > 512 || !std::ranges::all_of(value, value_character)) {
      return unsatisfied("filters",
                         "Member must satisfy regular expression pattern: ^\\!?[a-zA-Z0-9 :_@\\/\\+\\=\\.\\-\\!]*$");
    }
    if (value.starts_with('!')) {
      filter.unwanted.emplace_back(value.substr(1));
    } else {
      filter.wanted.emplace_back(value);
    }
  }
  return filter;
}

bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
  return equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

/// Does any word of the text begin like that?
bool word_begins(std::string_view text, std::string_view word) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool begins = is_alnum(text[at]) && (at == 0 || !is_alnum(text[at - 1]));
    if (begins && starts_ignoring_case(text.substr(at), word)) return true;
  }
  return false;
}

const Tags& tags_of(const ListedSecret& listed) {
  return listed.past != nullptr ? listed.past->tags : listed.secret->tags;
}

const std::string& description_of(const ListedSecret& listed) {
  return listed.past != nullptr ? listed.past->description : listed.secret->description;
}

bool any_attribute_has_word(const ListedSecret& listed, std::string_view word) {
  if (word_begins(listed.secret->name, word) || word_begins(description_of(listed), word)) return true;
  return std::ranges::any_of(tags_of(listed), [word](const auto& tag) {
    return word_begins(tag.first, word) || word_begins(tag.second, word);
  });
}

/// Every word of the value begins a word of the secret's name, description or tags.
bool has_all_words(const ListedSecret& listed, std::string_view value) {
  for (std::size_t at = 0; at < value.size();) {
    if (!is_alnum(value[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < value.size() && is_alnum(value[end])) ++end;
    if (!any_attribute_has_word(listed, value.substr(at, end - at))) return false;
    at = end;
  }
  return true;
}

bool matches(FilterKey key, const ListedSecret& listed, std::string_view value) {
  const auto& tags = tags_of(listed);
  switch (key) {
    case FilterKey::name: return listed.secret->name.starts_with(value);
    case FilterKey::description: return starts_ignoring_case(description_of(listed), value);
    case FilterKey::tag_key:
      return std::ranges::any_of(tags, [value](const auto& tag) { return tag.first.starts_with(value); });
    case FilterKey::tag_value:
      return std::ranges::any_of(tags, [value](const auto& tag) { return tag.second.starts_with(value); });
    case FilterKey::primary_region:
      return !listed.secret->replicas.empty() && region_in(listed.secret->arn.str()).starts_with(value);
    case FilterKey::owning_service: return false;  // no secret here belongs to a service
    case FilterKey::all: return has_all_words(listed, value);
  }
  return false;
}

}  // namespace

ServiceResult<std::vector<SecretFilter>> read_secret_filters(const Call& call) {
  std::vector<SecretFilter> result;
  const json::array* const list = call.list("Filters");
  if (list == nullptr) return result;
  if (list->size() > 10) return unsatisfied("filters", "Member must have length less than or equal to 10");
  for (const json::value& item : *list) {
    TRY(auto filter, read_secret_filter(item));
    result.push_back(std::move(filter));
  }
  return result;
}

bool passes(const std::vector<SecretFilter>& filters, const ListedSecret& listed) {
  return std::ranges::all_of(filters, [&listed](const SecretFilter& filter) {
    const auto fits = [&](const std::string& value) { return matches(filter.key, listed, value); };
    const bool wanted = filter.wanted.empty() || std::ranges::any_of(filter.wanted, fits);
    return wanted && std::ranges::none_of(filter.unwanted, fits);
  });
}

}  // namespace rekeyer::sandbox
