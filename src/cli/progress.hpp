// The progress line: on a terminal only, on stderr, gone when the run is over.
#pragma once

#include <string>

#include "rotation/sweep.hpp"

namespace rekeyer::cli {

class Progress {
 public:
  explicit Progress(bool on) : on_(on) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Functions that keep the line up to date; the Progress outlives them.
  rotation::SweepObserver observer();
  /// Takes the line away, so that something else can be printed.
  void clear();

 private:
  void draw();

  bool on_;
  std::size_t started_ = 0;
  std::size_t finished_ = 0;
  std::size_t users_ = 0;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
  std::string current_;
};

}  // namespace rekeyer::cli
