// The coroutine type of everything that waits. Parameters go by value or are owned by the class; nothing is detached.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "base/error.hpp"

namespace rekeyer {

template <class T = void>
using Task = boost::asio::awaitable<T>;

/// A task that can fail.
template <class T = void>
using ResultTask = Task<Result<T>>;

}  // namespace rekeyer
