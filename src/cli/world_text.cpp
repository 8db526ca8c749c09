#include "cli/world_text.hpp"

#include <fstream>
#include <sstream>

namespace rekeyer::cli {

Result<std::string> read_world_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) return fail(ErrorKind::usage, path + " can't be read");
  return std::move(text).str();
}

}  // namespace rekeyer::cli
