// Writes text in the man macros of roff, so that no character of it is taken for a request.
#pragma once

#include <string>
#include <string_view>

namespace rekeyer::cli::roff {

/// The text as it is: hyphens that can be copied, no request at the beginning of a line, Unicode by its numbers.
std::string escaped(std::string_view text);
/// Escaped, and in another font.
std::string bold(std::string_view text);
std::string italic(std::string_view text);

class Page {
 public:
  Page(std::string_view name, std::string_view source);
  void section(std::string_view title);
  void subsection(std::string_view title);
  /// A paragraph; the lines of the text are kept as lines of the source only.
  void text(std::string_view text);
  /// A paragraph that is roff already.
  void raw(std::string_view line);
  /// `tag` is roff already; the text hangs below it.
  void item(std::string_view tag, std::string_view text);
  std::string take() { return std::move(page_); }

 private:
  std::string page_;
  bool first_ = true;  ///< of its section: a paragraph request there would be empty
};

}  // namespace rekeyer::cli::roff
