// Commas, brackets and quotes. Text is appended piece by piece: no temporary holds more than one character of a secret.
#include "aws/http/json_writer.hpp"

#include <utility>

#include "base/json_text.hpp"
#include "base/utf8.hpp"

namespace rekeyer::aws {
namespace {

bool plain(char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; }

}  // namespace

JsonWriter& JsonWriter::begin_object() { return open('{'); }
JsonWriter& JsonWriter::begin_array() { return open('['); }

JsonWriter& JsonWriter::begin_object(std::string_view name) {
  append_key(name);
  return open('{');
}

JsonWriter& JsonWriter::begin_array(std::string_view name) {
  append_key(name);
  return open('[');
}

JsonWriter& JsonWriter::key(std::string_view name) {
  append_key(name);
  return *this;
}

JsonWriter& JsonWriter::end() {
  if (closers_.empty()) return *this;
  text_ += closers_.back();
  closers_.pop_back();
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::member(std::string_view name, std::string_view value) {
  append_key(name);
  append_quoted(value);
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view value) {
  separate();
  append_quoted(value);
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::literal_member(std::string_view name, std::string_view text) {
  append_key(name);
  text_ += text;
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::literal(std::string_view text) {
  separate();
  text_ += text;
  first_ = false;
  return *this;
}

WipedString JsonWriter::finish() {
  while (!closers_.empty()) end();
  first_ = true;
  return std::exchange(text_, {});
}

std::string JsonWriter::finish_text() { return std::string(finish()); }

std::string JsonWriter::take_text() { return std::string(std::exchange(text_, {})); }

void JsonWriter::separate() {
  if (!first_) text_ += ',';
}

void JsonWriter::append_key(std::string_view name) {
  separate();
  append_quoted(name);
  text_ += ':';
  first_ = true;  // no comma between a name and what it names
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  text_ += bracket;
  closers_.push_back(bracket == '{' ? '}' : ']');
  first_ = true;
  return *this;
}

void JsonWriter::append_quoted(std::string_view text) {
  text_ += '"';
  while (!text.empty()) {
    std::size_t length = 0;
    while (length < text.size() && plain(text[length])) ++length;
    text_ += text.substr(0, length);
    text.remove_prefix(length);
    if (text.empty()) break;
    length = 1;
    while (length < 4 && length < text.size() && continues_character(text[length])) ++length;
    const auto quoted = json_quoted(text.substr(0, length));
    text_ += std::string_view(quoted).substr(1, quoted.size() - 2);
    text.remove_prefix(length);
  }
  text_ += '"';
}

}  // namespace rekeyer::aws
