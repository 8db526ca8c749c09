// Systems Manager's parameters. Nothing is encrypted; whoever does not ask for decryption gets no SecureString in the
// clear all the same.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>

#include "base/text.hpp"
#include "base/try.hpp"
#include "sandbox/access/needs.hpp"
#include "sandbox/services/continuation.hpp"
#include "sandbox/services/kms_keys.hpp"
#include "sandbox/services/service.hpp"
#include "sandbox/wire/base64.hpp"
#include "sandbox/wire/member_text.hpp"
#include "sandbox/wire/reply.hpp"
#include "sandbox/world/characters.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

constexpr std::size_t largest_value = 4096;

std::unexpected<ServiceError> invalid(std::string message) { return refuse("ValidationException", std::move(message)); }

std::string parameter_arn(const Call& call, const Context& context, std::string_view name) {
  return fmt::format("arn:{}:ssm:{}:{}:parameter{}{}", context.world.partition, call.region, context.caller.account,
                     name.starts_with('/') ? "" : "/", name);
}

ServiceResult<void> check_name(std::string_view name) {
  const auto fits = [](char c) { return is_alnum(c) || std::string_view("_.-/").contains(c); };
  if (name.empty() || name.size() > 1011 || !std::ranges::all_of(name, fits) || name.contains("//") ||
      name.ends_with('/')) {
    return invalid(
        "Parameter name: can't be longer than 1011 characters, and may hold letters, digits and the symbols _.-/ "
        "only.");
  }
  if (!name.starts_with('/') && name.contains('/')) return invalid("Parameter name must be a fully qualified name.");
  const auto start = folded(name.substr(name.starts_with('/') ? 1 : 0));
  if (start.starts_with("aws") || start.starts_with("ssm")) {
    return invalid(R"(Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive).)");
  }
  return {};
}

/// A name, maybe with a version or label behind a colon, or an ARN.
struct Asked {
  std::string name;
  std::string selector;  ///< ":3"; empty: the latest
};

Asked read_asked(const Call& call, const Context& context, std::string_view text) {
  Asked asked;
  const auto start = parameter_arn(call, context, "");
  const bool by_arn = text.starts_with(start);
  if (by_arn) text.remove_prefix(start.size());
  const auto colon = std::min(text.find(':'), text.size());
  asked.selector = text.substr(colon);
  asked.name = text.substr(0, colon);
  // An ARN does not tell whether its slash belongs to the name.
  if (by_arn && !context.vault(call).parameters.contains(asked.name)) asked.name.insert(0, "/");
  return asked;
}

ServiceResult<const Parameter*> find_parameter(const Call& call, const Context& context, const Asked& asked) {
  const auto& parameters = context.vault(call).parameters;
  const auto found = parameters.find(asked.name);
  if (found == parameters.end()) return refuse("ParameterNotFound", "");
  if (!asked.selector.empty() && asked.selector != fmt::format(":{}", found->second.version)) {
    return refuse("ParameterVersionNotFound",
                  fmt::format("Systems Manager could not find version or label {} of {}. The sandbox keeps the latest "
                              "version only.",
                              asked.selector.substr(1), asked.name));
  }
  return &found->second;
}

json::object show_parameter(const Call& call, const Context& context, const Parameter& parameter, const Asked& asked) {
  const bool clear = parameter.type != "SecureString" || call.boolean("WithDecryption").value_or(false);
  json::object shown{
      {"Name", parameter.name},
      {"Type", parameter.type},
      {"Value",
       clear ? parameter.value : "AQICAH" + encode_base64(fmt::format("{} {}", parameter.name, parameter.version))},
      {"Version", parameter.version},
      {"LastModifiedDate", json_time(parameter.modified)},
      {"ARN", parameter_arn(call, context, parameter.name)},
      {"DataType", "text"}};
  if (!asked.selector.empty()) shown["Selector"] = asked.selector;
  return shown;
}

Output get_parameter(const Call& call, const Context& context) {
  const auto asked = read_asked(call, context, call.text_or_empty("Name"));
  TRY(const Parameter* const parameter, find_parameter(call, context, asked));
  return json::object{{"Parameter", show_parameter(call, context, *parameter, asked)}};
}

Output get_parameters(const Call& call, const Context& context) {
  const auto names = call.texts("Names");
  if (names.empty() || names.size() > 10) {
    return invalid(
        "1 validation error detected: Value at 'names' failed to satisfy constraint: Member must have length between 1 "
        "and 10");
  }
  json::array found;
  json::array missing;
  for (const auto& name : names) {
    const auto asked = read_asked(call, context, name);
    if (const auto parameter = find_parameter(call, context, asked)) {
      found.push_back(show_parameter(call, context, **parameter, asked));
    } else {
      missing.emplace_back(name);
    }
  }
  return json::object{{"Parameters", std::move(found)}, {"InvalidParameters", std::move(missing)}};
}

/// The type of what is put: a new parameter must have one, an old one keeps its own.
ServiceResult<std::string> type_of(const Call& call, const Parameter* old) {
  std::string type(call.text_or_empty("Type"));
  if (type.empty() && old != nullptr) return old->type;
  if (type.empty()) return invalid("A parameter type is required when you create a parameter.");
  if (type != "String" && type != "StringList" && type != "SecureString") {
    return invalid(
        fmt::format("1 validation error detected: Value '{}' at 'type' failed to satisfy constraint: Member "
                    "must satisfy enum value set: [SecureString, StringList, String]",
                    type));
  }
  return type;
}

Output put_parameter(const Call& call, const Context& context) {
  const std::string name(call.text_or_empty("Name"));
  TRY_VOID(check_name(name));
  auto& parameters = context.vault(call).parameters;
  const auto old = parameters.find(name);
  const bool known = old != parameters.end();
  if (known && !call.boolean("Overwrite").value_or(false)) {
    return refuse("ParameterAlreadyExists",
                  "The parameter already exists. To overwrite this value, set the overwrite option in the request to "
                  "true.");
  }
  Parameter parameter = known ? old->second : Parameter{};
  TRY(parameter.type, type_of(call, known ? &old->second : nullptr));
  parameter.name = name;
  parameter.value = call.text_or_empty("Value");
  if (parameter.value.empty()) return invalid("Parameter value can't be empty.");
  if (parameter.value.size() > largest_value) {
    return invalid("Standard tier parameters support a maximum parameter value of 4096 characters.");
  }
  if (const auto description = call.text("Description")) parameter.description = *description;
  if (const auto key = call.text("KeyId")) {
    if (parameter.type != "SecureString") return invalid("KeyId is required for SecureString type parameter only.");
    parameter.kms_key_id = *key;
  }
  if (is_customer_key(parameter.kms_key_id) &&
      find_kms_key(context.world, context.caller.account, call.region, parameter.kms_key_id) == nullptr) {
    return refuse("InvalidKeyId", fmt::format("The key {} does not exist.", parameter.kms_key_id));
  }
  if (known) ++parameter.version;
  parameter.modified = context.now;
  parameter.modified_by = context.caller.arn.str();
  const int version = parameter.version;
  parameters.insert_or_assign(name, std::move(parameter));
  return json::object{{"Version", version}, {"Tier", "Standard"}};
}

Output delete_parameter(const Call& call, const Context& context) {
  const auto asked = read_asked(call, context, call.text_or_empty("Name"));
  if (context.vault(call).parameters.erase(asked.name) == 0) return refuse("ParameterNotFound", "");
  return json::object{};
}

json::object describe_parameter(const Call& call, const Context& context, const Parameter& parameter) {
  json::object shown{{"Name", parameter.name},
                     {"ARN", parameter_arn(call, context, parameter.name)},
                     {"Type", parameter.type},
                     {"LastModifiedDate", json_time(parameter.modified)},
                     {"LastModifiedUser", parameter.modified_by},
                     {"Version", parameter.version},
                     {"Tier", "Standard"},
                     {"Policies", json::array()},
                     {"DataType", "text"}};
  if (!parameter.description.empty()) shown["Description"] = parameter.description;
  if (parameter.type == "SecureString") {
    shown["KeyId"] = parameter.kms_key_id.empty() ? "alias/aws/ssm" : parameter.kms_key_id;
  }
  return shown;
}

/// By Name (Equals, BeginsWith, Contains) and by Type: any of a filter's values, and every filter.
ServiceResult<bool> passes(const json::array& filters, const Parameter& parameter) {
  for (const auto& each : filters) {
    const json::object filter = each.is_object() ? each.get_object() : json::object();
    const auto key = member_text(filter, "Key");
    const auto option = member_text(filter, "Option");
    if (key != "Name" && key != "Type") {
      return refuse("InvalidFilterKey", "The sandbox filters parameters by Name and Type.");
    }
    const std::string_view subject = key == "Name" ? parameter.name : parameter.type;
    const json::value* const values = filter.if_contains("Values");
    bool any = false;
    for (const auto& value : values != nullptr && values->is_array() ? values->get_array() : json::array()) {
      if (!value.is_string()) continue;
      const std::string_view text(value.get_string().data(), value.get_string().size());
      any = any || (option == "BeginsWith" ? subject.starts_with(text)
                    : option == "Contains" ? subject.contains(text)
                                           : subject == text);
    }
    if (!any) return false;
  }
  return true;
}

Output describe_parameters(const Call& call, const Context& context) {
  const std::int64_t limit = call.integer("MaxResults").value_or(50);
  if (limit < 1 || limit > 50) return invalid("MaxResults must be 1 to 50.");
  const json::array* const given = call.list("ParameterFilters");
  const json::array filters = given == nullptr ? json::array() : *given;
  std::vector<const Parameter*> found;
  for (const auto& [name, parameter] : context.vault(call).parameters) {
    TRY(const bool wanted, passes(filters, parameter));
    if (wanted) found.push_back(&parameter);
  }
  const auto question = fmt::format("DescribeParameters {} {}", call.region, found.size());
  std::size_t first = 0;
  if (const auto token = call.text("NextToken"); token && !token->empty()) {
    const auto from = read_continuation(question, *token);
    if (!from) return refuse("InvalidNextToken", "The specified token isn't valid.");
    first = std::min(from->position, found.size());
  }
  const std::size_t end = std::min(found.size(), first + static_cast<std::size_t>(limit));
  json::array shown;
  for (std::size_t i = first; i < end; ++i) shown.push_back(describe_parameter(call, context, *found[i]));
  json::object output{{"Parameters", std::move(shown)}};
  if (end < found.size()) output["NextToken"] = continuation_token(question, {.position = end});
  return output;
}

}  // namespace

std::span<const Operation> parameter_operations() {
  static constexpr Operation table[] = {
      {"PutParameter", put_parameter},       {"GetParameter", get_parameter},
      {"GetParameters", get_parameters},     {"DescribeParameters", describe_parameters},
      {"DeleteParameter", delete_parameter},
  };
  return table;
}

}  // namespace rekeyer::sandbox
