// Early return on failure: TRY in a function, CO_TRY in a coroutine. `TRY(auto x, read(y));` declares x or returns the
// error.
#pragma once

#include <expected>
#include <utility>

#define REKEYER_TRY_JOIN_(a, b) a##b
#define REKEYER_TRY_NAME_(line) REKEYER_TRY_JOIN_(try_result_, line)
#define REKEYER_TRY_(name, how, declaration, expression)   \
  auto name = (expression);                                \
  if (!name) how std::unexpected(std::move(name).error()); \
  declaration = *std::move(name)
#define REKEYER_CHECK_(name, how, expression) \
  if (auto name = (expression); !name) how std::unexpected(std::move(name).error())

#define TRY(declaration, expression) REKEYER_TRY_(REKEYER_TRY_NAME_(__LINE__), return, declaration, expression)
#define CO_TRY(declaration, expression) REKEYER_TRY_(REKEYER_TRY_NAME_(__LINE__), co_return, declaration, expression)
/// For Result<void>: nothing to declare.
#define TRY_VOID(expression) REKEYER_CHECK_(REKEYER_TRY_NAME_(__LINE__), return, expression)
#define CO_TRY_VOID(expression) REKEYER_CHECK_(REKEYER_TRY_NAME_(__LINE__), co_return, expression)
