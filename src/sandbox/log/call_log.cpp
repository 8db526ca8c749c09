#include "sandbox/log/call_log.hpp"

#include <boost/json/value.hpp>

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

/// Members that may be logged as they are. Everything else (values of secrets, signatures, tokens) stays out.
constexpr std::string_view shown_names[] = {"UserName",
                                            "GroupName",
                                            "AccessKeyId",
                                            "Status",
                                            "SecretId",
                                            "Name",
                                            "VersionStage",
                                            "VersionStages",
                                            "MoveToVersionId",
                                            "RemoveFromVersionId",
                                            "ClientRequestToken",
                                            "Tags",
                                            "TagKeys",
                                            "AddReplicaRegions",
                                            "RoleArn",
                                            "RoleSessionName",
                                            "PolicyName",
                                            "PolicyDocument",
                                            "ResourcePolicy",
                                            "KeyId",
                                            "KmsKeyId",
                                            "RecoveryWindowInDays",
                                            "MaxItems",
                                            "MaxResults",
                                            "Filters",
                                            "ParentId",
                                            "GranteePrincipal",
                                            "Operations",
                                            "DurationSeconds"};

json::object shown_members(const json::object& input) {
  json::object result;
  for (const std::string_view name : shown_names) {
    if (const json::value* const value = input.if_contains(name)) result[name] = *value;
  }
  return result;
}

json::value text_or_null(std::string_view text) { return text.empty() ? json::value(nullptr) : json::value(text); }

}  // namespace

std::size_t CallLog::open(const Call& call, Instant now) {
  LoggedCall entry;
  entry.number = count_++;
  entry.at = now;
  entry.service = call.service;
  entry.operation = call.operation;
  entry.region = call.region;
  if (call.signature) entry.key = call.signature->key;
  entry.changing = call.changing();
  entry.page = !call.text_or_empty("Marker").empty() || !call.text_or_empty("NextToken").empty();
  if (!keep) {
    scratch_ = std::move(entry);
    return entries_.size();
  }
  entry.input = shown_members(call.input);
  entries_.push_back(std::move(entry));
  return entries_.size() - 1;
}

LoggedCall* CallLog::at(std::size_t index) { return index < entries_.size() ? &entries_[index] : &scratch_; }

void CallLog::clear() {
  entries_.clear();
  count_ = 0;
}

json::object describe(const LoggedCall& entry) {
  json::object result;
  result["at"] = static_cast<double>(entry.at.time_since_epoch().count()) / 1000.0;
  result["service"] = entry.service;
  result["operation"] = entry.operation;
  result["region"] = entry.region.str();
  result["key"] = entry.key.str();
  result["account"] = text_or_null(entry.account.str());
  result["principal"] = text_or_null(entry.principal);
  result["lab"] = entry.administrator;
  result["changing"] = entry.changing;
  result["page"] = entry.page;
  result["input"] = entry.input;
  result["status"] = entry.status;
  result["code"] = text_or_null(entry.code);
  result["fault"] = text_or_null(entry.fault);
  result["n"] = entry.number;
  return result;
}

}  // namespace rekeyer::sandbox
