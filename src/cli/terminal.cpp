#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "base/shown_text.hpp"

namespace rekeyer::cli {
namespace {

bool wants_colour(Colour colour, bool is_terminal) {
  if (colour != Colour::automatic) return colour == Colour::on;
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* term = std::getenv("TERM");
  if (term != nullptr && std::string_view(term) == "dumb") return false;
  return is_terminal;
}

}  // namespace

Terminal inspect_terminal(Colour colour) {
  Terminal terminal;
  terminal.out = isatty(STDOUT_FILENO) == 1;
  terminal.err = isatty(STDERR_FILENO) == 1;
  terminal.in = isatty(STDIN_FILENO) == 1;
  terminal.colour_out = wants_colour(colour, terminal.out);
  terminal.colour_err = wants_colour(colour, terminal.err);
  winsize size{};
  if (terminal.out && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) terminal.width = size.ws_col;
  return terminal;
}

bool confirm(std::string_view question) {
  say(std::string(question) + " [y/N] ");
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

bool print(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

void say(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

void complain(std::string_view text) { say("rekeyer: " + shown_text(text) + "\n"); }

}  // namespace rekeyer::cli
