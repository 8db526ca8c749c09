// A rehearsal as JSON: stable names, stable order.
#include "aws/http/json_writer.hpp"
#include "rehearsal/output.hpp"

namespace rekeyer::rehearsal {
namespace {

void write_population(aws::JsonWriter& json, std::string_view member, const Population& population) {
  json.begin_object(member)
      .member("accounts", population.accounts)
      .member("users", population.users)
      .member("exempt", population.exempt)
      .member("without_owner", population.unowned)
      .member("owners", population.owners)
      .member("active_keys", population.active_keys)
      .member("inactive_keys", population.inactive_keys);
  json.begin_object("active_keys_used");
  for (const auto& [rhythm, count] : population.rhythms) json.member(name(rhythm), count);
  json.end().end();
}

void write_counts(aws::JsonWriter& json, const Day& day) {
  json.member("rotated", day.rotated)
      .member("deactivated", day.deactivated)
      .member("deactivated_in_use", day.cut)
      .member("deleted", day.deleted)
      .member("recovered", day.recovered);
}

void write_mails(aws::JsonWriter& json, const Day& day) {
  json.begin_object("told");
  for (std::size_t kind = 0; kind < owners_kinds; ++kind) json.member(name(owners_kind(kind)), day.told[kind]);
  json.end();
  json.begin_object("mails").member("all", day.mails).member("to_nobody", day.mails_to_nobody).end();
}

void write_day(aws::JsonWriter& json, const RehearsalReport& result, const Day& day) {
  json.begin_object().member("date", day_of(day.at));
  write_counts(json, day);
  json.member("near", day.warned)
      .member("held", day.held)
      .member("waiting", day.waiting)
      .member("overdue", day.overdue);
  write_mails(json, day);
  json.member("owners_told", day.owners);
  if (day.busiest == nobody) {
    json.null_member("busiest_owner");
  } else {
    json.begin_object("busiest_owner")
        .member("owner", result.owners[day.busiest])
        .member("mails", day.busiest_mails)
        .member("keys", day.busiest_notices)
        .end();
  }
  json.end();
}

void write_held(aws::JsonWriter& json, const HeldKey& held) {
  json.begin_object()
      .member("account", held.account.str())
      .member("user", held.user.str())
      .member("key_created", held.created == Instant{} ? std::string() : iso8601(held.created))
      .member("reason", policy::name(held.reason));
  if (held.due) {
    json.member("due", iso8601(*held.due));
  } else {
    json.null_member("due");
  }
  json.member("detail", held.detail).end();
}

void write_beginning(aws::JsonWriter& json, const RehearsalReport& result) {
  json.begin_object("rehearsal")
      .member("world", result.world)
      .member("start", iso8601(result.start))
      .member("days", result.days.size())
      .member("days_wanted", result.days_wanted)
      .member("interrupted", result.interrupted())
      .member("incomplete", result.incomplete)
      .end();
  json.begin_object("assumptions")
      .member("seed", result.behaviour.seed)
      .member("install_after", format_period(result.behaviour.install_after))
      .member("never_install_percent", percent(result.behaviour.never_install))
      .member("repair_after", format_period(result.behaviour.repair_after))
      .end();
  json.begin_array("left_out");
  for (const auto& left : result.left_out) {
    json.begin_object().member("account", left.account.str()).member("reason", left.why).end();
  }
  json.end();
  write_population(json, "before", result.before);
  write_population(json, "after", result.after);
}

}  // namespace

std::string to_json(const RehearsalReport& result) {
  aws::JsonWriter json;
  json.begin_object();
  write_beginning(json, result);
  json.begin_array("days");
  for (const Day& day : result.days) write_day(json, result, day);
  json.end();

  const Day sum = total(result);
  json.begin_object("totals");
  write_counts(json, sum);
  write_mails(json, sum);
  json.member("owners_told", result.owners_told).end();
  if (result.days.empty()) {
    json.null_member("busiest_day");
  } else {
    json.member("busiest_day", day_of(result.days[result.tallest].at));
  }
  json.begin_array("busiest_owners");
  for (const auto& owner : result.busiest) {
    json.begin_object().member("owner", owner.owner).member("mails", owner.mails).end();
  }
  json.end();
  json.begin_array("held");
  for (const auto& held : result.held) write_held(json, held);
  json.end();
  json.end();
  return json.finish_text() + "\n";
}

}  // namespace rekeyer::rehearsal
