// The one file that knows pugixml, which parses in place: names and texts point into the wiped buffer. Its tree is read
// into a list once, because replies are read member by member, and that is far quicker on a list.
#include "aws/http/xml.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <pugixml.hpp>
#include <utility>

#include "base/json_text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

constexpr std::size_t xml_depth_limit = 64;

std::unexpected<Error> malformed_xml(std::string message) { return fail(ErrorKind::bad_reply, std::move(message)); }

std::string_view local_name(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::unexpected<Error> no_element(std::string_view path) {
  return malformed_xml(fmt::format("the reply has no element {}", json_quoted(path)));
}

std::unexpected<Error> wrong_text(std::string_view path, std::string_view expected) {
  return malformed_xml(fmt::format("the reply's element {} is not {}", json_quoted(path), expected));
}

Result<bool> to_boolean(std::string_view text, std::string_view path) {
  if (text == "true") return true;
  if (text == "false") return false;
  return wrong_text(path, "true or false");
}

Result<std::int64_t> to_integer(std::string_view text, std::string_view path) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return wrong_text(path, "a whole number");
  return value;
}

Result<Instant> to_time(std::string_view text, std::string_view path) {
  const auto instant = parse_iso8601(text);
  if (!instant) return wrong_text(path, "a date");
  return *instant;
}

/// `convert(text, path)` where the element is there, nothing where it is not.
template <class T>
Result<std::optional<T>> optional_element(const XmlNode& node, std::string_view path,
                                          Result<T> (*convert)(std::string_view, std::string_view)) {
  TRY(const auto text, node.optional_text(path));
  if (!text) return std::optional<T>{};
  TRY(const auto value, convert(*text, path));
  return std::optional<T>{value};
}

}  // namespace

struct XmlNode::Element {
  std::string_view name;  ///< without prefix
  std::string_view text;  ///< of a plain one
  bool plain = true;      ///< it holds one piece of text, or nothing
  bool filled = false;
  std::size_t size = 1;  ///< with all elements in it, which stand behind it

  const Element* begin() const { return this + 1; }
  const Element* end() const { return this + size; }
  /// The next one in the same element.
  const Element* next() const { return end(); }
};

struct XmlNode::Document {
  WipedString text;
  std::vector<Element> elements;  ///< in the order of the document
};

/// Lists a tree's elements. No recursion: how deep they are nested is the server's choice.
class XmlNode::Collector final : public pugi::xml_tree_walker {
 public:
  explicit Collector(std::vector<Element>& elements) : elements_(elements) {}

  Result<void> collect(const pugi::xml_document& tree) {
    // Only traverse() of a mutable handle exists; nothing is changed.
    pugi::xml_node(tree).traverse(*this);
    if (doctype_) return malformed_xml("the reply is XML with a document type declaration, which is refused");
    if (too_deep_) return malformed_xml(fmt::format("the reply is XML nested deeper than {}", xml_depth_limit));
    close(0);
    return {};
  }

 private:
  bool for_each(pugi::xml_node& node) override {
    const auto level = static_cast<std::size_t>(depth());
    const auto type = node.type();
    doctype_ = type == pugi::node_doctype;
    too_deep_ = level > xml_depth_limit;
    if (doctype_ || too_deep_) return false;
    if (type == pugi::node_element) {
      close(level);
      if (level > 0) elements_[open_[level - 1]].plain = false;
      open_[level] = elements_.size();
      open_count_ = level + 1;
      elements_.push_back({local_name(node.name()), {}});
    } else if (level > 0 && (type == pugi::node_pcdata || type == pugi::node_cdata)) {
      auto& parent = elements_[open_[level - 1]];
      // Joining several pieces would need a copy, and AWS never sends them.
      parent.plain = parent.plain && !parent.filled;
      parent.filled = true;
      parent.text = node.value();
    }
    return true;
  }

  /// Those that are open at the level and deeper end here.
  void close(std::size_t level) {
    while (open_count_ > level) {
      const auto index = open_[--open_count_];
      elements_[index].size = elements_.size() - index;
    }
  }

  std::vector<Element>& elements_;
  std::array<std::size_t, xml_depth_limit + 1> open_{};  ///< the element of each level around the current node
  std::size_t open_count_ = 0;
  bool doctype_ = false;
  bool too_deep_ = false;
};

Result<XmlNode> XmlNode::parse(WipedString document) {
  auto owned = std::make_shared<Document>();
  owned->text = std::move(document);
  constexpr unsigned flags =
      pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol | pugi::parse_ws_pcdata_single | pugi::parse_doctype;
  pugi::xml_document tree;
  const auto parsed = tree.load_buffer_inplace(owned->text.data(), owned->text.size(), flags, pugi::encoding_utf8);
  if (!parsed) {
    return malformed_xml(fmt::format("the reply is not whole XML: {} at byte {} of {}", parsed.description(),
                                     parsed.offset, owned->text.size()));
  }
  TRY_VOID(Collector(owned->elements).collect(tree));
  // The parser has refused a document without any.
  const auto* const root = &owned->elements.front();
  return XmlNode(std::move(owned), root);
}

Result<XmlNode> XmlNode::parse(std::string_view document) { return parse(WipedString(document)); }

std::string_view XmlNode::name() const { return element_ == nullptr ? std::string_view{} : element_->name; }

const XmlNode::Element* XmlNode::find(std::string_view path) const {
  const auto* element = element_;
  while (!path.empty() && element != nullptr) {
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    const auto* child = element->begin();
    while (child != element->end() && child->name != name) child = child->next();
    element = child == element->end() ? nullptr : child;
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  }
  return element;
}

XmlNode XmlNode::child(std::string_view path) const {
  const auto* const element = find(path);
  return element == nullptr ? XmlNode() : XmlNode(document_, element);
}

Result<XmlNode> XmlNode::required(std::string_view path) const {
  auto node = child(path);
  if (!node) return no_element(path);
  return node;
}

std::vector<XmlNode> XmlNode::children(std::string_view list, std::string_view item) const {
  std::vector<XmlNode> result;
  const auto* const parent = find(list);
  if (parent == nullptr) return result;
  for (const auto* child = parent->begin(); child != parent->end(); child = child->next()) {
    if (child->name == item) result.push_back({document_, child});
  }
  return result;
}

std::vector<XmlNode> XmlNode::children() const {
  std::vector<XmlNode> result;
  if (element_ == nullptr) return result;
  for (const auto* child = element_->begin(); child != element_->end(); child = child->next()) {
    result.push_back({document_, child});
  }
  return result;
}

Result<std::string_view> XmlNode::text(std::string_view path) const {
  TRY(const auto found, optional_text(path));
  if (!found) return no_element(path);
  return *found;
}

Result<std::optional<std::string_view>> XmlNode::optional_text(std::string_view path) const {
  const auto* const element = find(path);
  if (element == nullptr) return std::optional<std::string_view>{};
  if (!element->plain) return wrong_text(path.empty() ? element->name : path, "a plain text");
  return std::optional<std::string_view>{element->text};
}

Result<bool> XmlNode::boolean(std::string_view path) const {
  TRY(const auto value, text(path));
  return to_boolean(value, path);
}

Result<std::int64_t> XmlNode::integer(std::string_view path) const {
  TRY(const auto value, text(path));
  return to_integer(value, path);
}

Result<Instant> XmlNode::time(std::string_view path) const {
  TRY(const auto value, text(path));
  return to_time(value, path);
}

Result<std::optional<bool>> XmlNode::optional_boolean(std::string_view path) const {
  return optional_element<bool>(*this, path, to_boolean);
}

Result<std::optional<std::int64_t>> XmlNode::optional_integer(std::string_view path) const {
  return optional_element<std::int64_t>(*this, path, to_integer);
}

Result<std::optional<Instant>> XmlNode::optional_time(std::string_view path) const {
  return optional_element<Instant>(*this, path, to_time);
}

}  // namespace rekeyer::aws
