// The commands; each returns the process's exit code.
#pragma once

#include "cli/options.hpp"

namespace rekeyer::cli {

inline constexpr int exit_ok = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_due = 3;
inline constexpr int exit_interrupted = 130;

/// plan: reads only.
int run_plan(const Options& options);
/// apply and rotate: asks first.
int run_apply(const Options& options);
/// Asks first, unless it only plans. Waits for the locks to spread.
int run_adopt(const Options& options);
/// Asks first, unless it only plans.
int run_relock(const Options& options);
int run_explain(const Options& options);
int run_inventory(const Options& options);
int run_config_check(const Options& options);
int run_config_init(const Options& options);
/// Prints the rekeyer.toml of an older rotator's environment; gives 1 where it needs changes before it can be used.
int run_config_migrate(const Options& options);
/// Serves the embedded AWS until SIGINT or SIGTERM.
int run_sandbox_serve(const Options& options);
int run_sandbox_generate(const Options& options);
/// Plays the policy forward; reads only.
int run_rehearse(const Options& options);
/// Shows a sample message; asks AWS for nothing but templates in S3.
int run_notify_preview(const Options& options);
/// Sends one sample message through one channel.
int run_notify_test(const Options& options);
/// Prints the least policy for the configuration; asks AWS for nothing.
int run_permissions(const Options& options);

/// Looks at a deployment from outside; reads only. 1 where there is a problem.
int run_doctor(const Options& options);

/// Tries on AWS what rekeyer believes of it, and takes away what it made; asks first. 1 where something differs or was
/// left.
int run_probe(const Options& options);

/// Prints the completion script of a shell; the manual page. Both ask nobody.
int run_completion(const Options& options);
int run_manual(const Options& options);

/// Says the error on stderr; gives 2 for `usage`, otherwise 1.
int report_error(const Error& error);

}  // namespace rekeyer::cli
