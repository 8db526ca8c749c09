// Reading the members of a JSON object by name, where every problem names its path and nothing is passed over: a member
// that nobody asked for is a problem too.
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace rekeyer::sandbox {

/// One reading of one description: the instant from which ages are counted, and the first problem.
struct Reading {
  Instant now{};
  std::string problem;  ///< "path: what is wrong"; empty: none so far

  bool failed() const { return !problem.empty(); }
  /// Keeps the first one only: what follows from it would confuse.
  void report(std::string_view path, std::string_view what);
  Result<> outcome() const;
};

/// A value, and where it stands.
struct JsonPath {
  const boost::json::value& value;
  std::string path;
  Reading& reading;

  /// The text that stands here; a problem where something else does.
  std::string text() const;
};

/// An object that is being read. What goes wrong is reported and a default is answered, so that readers stay straight;
/// whoever needs to know asks Reading::failed(). Members that are null count as absent, except for has().
class Fields {
 public:
  explicit Fields(const JsonPath& place);
  Fields(const boost::json::object& object, std::string path, Reading& reading);
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;
  /// Reports what nobody has asked for, and then what was required and is missing.
  ~Fields();

  bool has(std::string_view name);
  const boost::json::value* find(std::string_view name);
  std::string text(std::string_view name, std::string_view fallback = {});
  std::string required(std::string_view name);
  bool flag(std::string_view name, bool fallback);
  int whole(std::string_view name, int fallback, int most);
  /// An exact instant ("2026-01-31T12:00:00Z") or a number of days before now.
  std::optional<Instant> instant(std::string_view name);
  /// One of these words.
  std::string choice(std::string_view name, std::string_view fallback, const std::vector<std::string_view>& words);
  /// A JSON document as text: written as an object, or as a string that stays as it is.
  std::string document(std::string_view name, std::string_view fallback = {});
  std::map<std::string, std::string> documents(std::string_view name);
  std::map<std::string, std::string> text_map(std::string_view name);
  std::vector<std::string> texts(std::string_view name);
  /// Each element of a list, in order.
  void each(std::string_view name, const std::function<void(const JsonPath&)>& read);

  std::string path(std::string_view name) const;
  void report(std::string_view name, std::string_view what) { reading_.report(path(name), what); }
  Reading& reading() { return reading_; }

 private:
  const boost::json::object* object_ = nullptr;
  std::string path_;
  Reading& reading_;
  std::vector<std::string_view> asked_;
  std::vector<std::string_view> missing_;
};

/// Days and fractions of a day before `now`, to the second, as AWS counts.
Instant days_before(Instant now, double days);

}  // namespace rekeyer::sandbox
