# Writes a C++ file that holds the texts of a folder: cmake -DFOLDER=… -DOUTPUT=… -P embed_texts.cmake. Run by the build whenever
# a text changes. A .cpp defines `embedded_texts()`, a sorted table of (file name, text), in the namespace rekeyer::notify.
file(GLOB names RELATIVE ${FOLDER} ${FOLDER}/*.html ${FOLDER}/*.txt)
list(SORT names)
set(rows "")
foreach(name IN LISTS names)
  file(READ ${FOLDER}/${name} text)
  string(APPEND rows "    {\"${name}\", R\"__text__(${text})__text__\"},\n")
endforeach()
set(source "// Generated from src/notify/render/templates by cmake/embed_texts.cmake.\n#include \"notify/render/embedded_texts.hpp\"\n\n")
string(APPEND source "namespace rekeyer::notify {\n\nconst std::vector<EmbeddedText>& embedded_texts() {\n")
string(APPEND source "  static const std::vector<EmbeddedText> texts{\n${rows}  };\n  return texts;\n}\n\n}  // namespace rekeyer::notify\n")
file(WRITE ${OUTPUT} "${source}")
