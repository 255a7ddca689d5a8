#include "flow/old_results.hpp"

#include "base/log.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

constexpr Duration period = std::chrono::hours(24);
constexpr Duration look_every = std::chrono::hours(1);
constexpr std::size_t day_bytes = 10;  // of "2026-11-29"

bool is_day(std::string_view text) {
  constexpr std::string_view shape = "dddd-dd-dd";
  return std::ranges::equal(text, shape, [](char c, char wanted) {
    return wanted == 'd' ? c >= '0' && c <= '9' : c == wanted;
  });
}

}  // namespace

std::string_view day_of_result(std::string_view object, std::string_view prefix) {
  constexpr std::size_t digest_bytes = 32;
  if (!object.starts_with(prefix)) return {};
  object.remove_prefix(prefix.size());
  const std::string_view day = object.substr(0, day_bytes);
  const std::string_view rest = object.substr(day.size());
  const std::string_view digest = rest.substr(std::min<std::size_t>(1, rest.size()), digest_bytes);
  const std::size_t hex = std::min(digest.find_first_not_of("0123456789abcdef"), digest.size());
  const bool ours = is_day(day) && rest.starts_with('/') && hex == digest_bytes;
  return ours ? day : std::string_view();
}

boost::asio::awaitable<void> OldResults::run() {
  const Storage* storage = context_.storage;
  if (storage == nullptr || storage->options().kept_for <= Duration(0)) co_return;
  while (true) {
    co_await context_.clock.sleep(look_every);
    const bool ours = co_await may_begin();
    if (!ours) continue;
    const Result<std::size_t> removed = co_await remove();
    unfinished_ = !removed;
    if (removed && *removed > 0) log_info("old_results_deleted", {{"objects", *removed}});
    if (!removed) log_warn("old_results_left", {{"why", removed.error().message}});
  }
}

// The one who failed goes on without waiting for another day.
boost::asio::awaitable<bool> OldResults::may_begin() {
  if (!context_.clocks_agree()) co_return false;
  if (unfinished_) co_return true;
  const Result<bool> turn = co_await context_.store.marks->deletion_turn(period);
  co_return turn && *turn;
}

boost::asio::awaitable<Result<std::size_t>> OldResults::remove() {
  Storage& storage = *context_.storage;
  const Time oldest = context_.clock.now() - storage.options().kept_for;
  // Of this day some are too young, so it waits until the day is over.
  const std::string first_kept = to_iso(oldest).substr(0, day_bytes);
  std::size_t removed = 0;
  std::string after;
  do {
    const Result<ObjectPage> page = co_await storage.list({}, after);
    if (!page) co_return fail(page);
    for (const std::string& object : page->objects) {
      const std::string_view day = day_of_result(object, storage.options().prefix);
      // By name, so by day: what follows is younger.
      if (!day.empty() && day >= first_kept) co_return removed;
      if (day.empty()) continue;
      const Result<void> gone = co_await storage.remove(object);
      if (!gone) co_return fail(gone);
      ++removed;
    }
    after = page->next;
  } while (!after.empty());
  co_return removed;
}

}  // namespace claimcheck
