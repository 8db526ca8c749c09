// The one file that knows pugixml. The document is parsed in place: nodes point into the wiped buffer and hold no text.
#include "aws/http/xml.hpp"

#include <fmt/format.h>

#include <charconv>
#include <pugixml.hpp>
#include <utility>

#include "base/json_text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {

struct XmlNode::Document {
  WipedString text;
  pugi::xml_document nodes;
};

namespace {

constexpr int depth_limit = 64;

std::unexpected<Error> malformed(std::string message) { return fail(ErrorKind::bad_reply, std::move(message)); }

std::string_view local_name(std::string_view name) {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_element(const pugi::xml_node& node) { return node.type() == pugi::node_element; }
bool is_text(const pugi::xml_node& node) { return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata; }

pugi::xml_node child_element(const pugi::xml_node& parent, std::string_view name) {
  for (const auto& node : parent.children()) {
    if (is_element(node) && local_name(node.name()) == name) return node;
  }
  return {};
}

/// Whether a DTD stands in the document, and whether it is nested deeper than its readers expect. No recursion: the
/// depth is the server's choice.
Result<void> check_shape(const pugi::xml_document& document) {
  struct Walker : pugi::xml_tree_walker {
    bool for_each(pugi::xml_node& node) override {
      doctype = node.type() == pugi::node_doctype;
      too_deep = depth() > depth_limit;
      return !doctype && !too_deep;
    }
    bool doctype = false;
    bool too_deep = false;
  } walker;
  // Only traverse() of a mutable handle exists; nothing is changed.
  pugi::xml_node(document).traverse(walker);
  if (walker.doctype) return malformed("the reply is XML with a document type declaration, which is refused");
  if (walker.too_deep) return malformed(fmt::format("the reply is XML nested deeper than {}", depth_limit));
  return {};
}

std::unexpected<Error> absent(std::string_view path) {
  return malformed(fmt::format("the reply has no element {}", json_quoted(path)));
}

std::unexpected<Error> wrong_text(std::string_view path, std::string_view expected) {
  return malformed(fmt::format("the reply's element {} is not {}", json_quoted(path), expected));
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
Result<std::optional<T>> optional_of(const XmlNode& node, std::string_view path,
                                     Result<T> (*convert)(std::string_view, std::string_view)) {
  TRY(const auto text, node.optional_text(path));
  if (!text) return std::optional<T>{};
  TRY(const auto value, convert(*text, path));
  return std::optional<T>{value};
}

}  // namespace

Result<XmlNode> XmlNode::parse(WipedString document) {
  auto owned = std::make_shared<Document>();
  owned->text = std::move(document);
  constexpr unsigned flags =
      pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol | pugi::parse_ws_pcdata_single | pugi::parse_doctype;
  const auto parsed =
      owned->nodes.load_buffer_inplace(owned->text.data(), owned->text.size(), flags, pugi::encoding_utf8);
  if (!parsed) {
    return malformed(fmt::format("the reply is not whole XML: {} at byte {} of {}", parsed.description(), parsed.offset,
                                 owned->text.size()));
  }
  TRY_VOID(check_shape(owned->nodes));
  auto* const root = owned->nodes.document_element().internal_object();
  return XmlNode(std::move(owned), root);
}

Result<XmlNode> XmlNode::parse(std::string_view document) { return parse(WipedString(document)); }

std::string_view XmlNode::name() const { return local_name(pugi::xml_node(node_).name()); }

XmlNode XmlNode::child(std::string_view path) const {
  pugi::xml_node node(node_);
  while (!path.empty() && node) {
    const auto slash = path.find('/');
    node = child_element(node, path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  }
  return node ? XmlNode(document_, node.internal_object()) : XmlNode();
}

Result<XmlNode> XmlNode::required(std::string_view path) const {
  auto node = child(path);
  if (!node) return absent(path);
  return node;
}

std::vector<XmlNode> XmlNode::children(std::string_view list, std::string_view item) const {
  std::vector<XmlNode> result;
  const auto parent = child(list);
  for (const auto& node : pugi::xml_node(parent.node_).children()) {
    if (is_element(node) && local_name(node.name()) == item) result.push_back({document_, node.internal_object()});
  }
  return result;
}

std::vector<XmlNode> XmlNode::children() const {
  std::vector<XmlNode> result;
  for (const auto& node : pugi::xml_node(node_).children()) {
    if (is_element(node)) result.push_back({document_, node.internal_object()});
  }
  return result;
}

Result<std::string_view> XmlNode::text(std::string_view path) const {
  const auto element = child(path);
  if (!element) return absent(path);
  const auto first = pugi::xml_node(element.node_).first_child();
  if (!first) return std::string_view{};
  // Joining several pieces would need a copy, and AWS never sends them.
  if (!is_text(first) || first.next_sibling()) return wrong_text(path.empty() ? element.name() : path, "a plain text");
  return std::string_view(first.value());
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

Result<std::optional<std::string_view>> XmlNode::optional_text(std::string_view path) const {
  if (!child(path)) return std::optional<std::string_view>{};
  TRY(const auto value, text(path));
  return std::optional<std::string_view>{value};
}

Result<std::optional<bool>> XmlNode::optional_boolean(std::string_view path) const {
  return optional_of<bool>(*this, path, to_boolean);
}

Result<std::optional<std::int64_t>> XmlNode::optional_integer(std::string_view path) const {
  return optional_of<std::int64_t>(*this, path, to_integer);
}

Result<std::optional<Instant>> XmlNode::optional_time(std::string_view path) const {
  return optional_of<Instant>(*this, path, to_time);
}

}  // namespace rekeyer::aws
