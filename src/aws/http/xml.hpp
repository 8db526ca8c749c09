// Reading AWS XML. Names match without namespace prefix; what is absent is absent, what is malformed says which
// element.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace rekeyer::aws {

/// An element of a reply, or nothing. It shares the document, so it may outlive the node that it came from; texts are
/// views that live as long as any node of the document. A path is names joined by "/": "GetUserResult/User/Path".
class XmlNode {
 public:
  /// Nothing: every optional reader finds nothing, every required one fails.
  XmlNode() = default;
  /// Reads a document in place, so that no other copy of it stays, and gives its root. Fails with `bad_reply`: not XML,
  /// cut short, with a DTD, or nested too deep.
  static Result<XmlNode> parse(WipedString document);
  /// The same, of a copy.
  static Result<XmlNode> parse(std::string_view document);

  explicit operator bool() const { return element_ != nullptr; }
  /// Without namespace prefix; empty for nothing.
  std::string_view name() const;
  /// The first element at the path; nothing where there is none.
  XmlNode child(std::string_view path) const;
  /// As child(), but fails with `bad_reply`, naming the element.
  Result<XmlNode> required(std::string_view path) const;
  /// The elements called `item` in the one at `list`: children("Users", "member"). Absent and empty lists are both
  /// empty.
  std::vector<XmlNode> children(std::string_view list, std::string_view item = "member") const;
  /// All children, for maps and for looking around.
  std::vector<XmlNode> children() const;

  /// The element's text; an empty element is an empty text. Fails with `bad_reply` where it is absent or holds
  /// elements. An empty path means this element itself, here and below.
  Result<std::string_view> text(std::string_view path = {}) const;
  Result<bool> boolean(std::string_view path) const;
  Result<std::int64_t> integer(std::string_view path) const;
  /// ISO 8601.
  Result<Instant> time(std::string_view path) const;

  /// Nothing where the element is absent; still fails where it is there and malformed.
  Result<std::optional<std::string_view>> optional_text(std::string_view path) const;
  Result<std::optional<bool>> optional_boolean(std::string_view path) const;
  Result<std::optional<std::int64_t>> optional_integer(std::string_view path) const;
  Result<std::optional<Instant>> optional_time(std::string_view path) const;

 private:
  struct Element;
  struct Document;
  class Collector;
  XmlNode(std::shared_ptr<const Document> document, const Element* element)
      : document_(std::move(document)), element_(element) {}
  /// Null where there is none.
  const Element* find(std::string_view path) const;

  std::shared_ptr<const Document> document_;
  const Element* element_ = nullptr;
};

}  // namespace rekeyer::aws
