#include "cli/session.hpp"

#include "cli/store.hpp"
#include "report/order_report.hpp"

#include <iostream>

namespace claimcheck {

namespace {

// All records of one order. Each is read for itself, so one that is broken does not hide the
// others.
struct Found {
  Result<SessionBytes> session;
  Result<Claim> claim;
  std::vector<HistoryLine> history;
};

boost::asio::awaitable<Found> find(Store& store, std::string id) {
  Found found{.session = co_await store.sessions->read_session(id),
              .claim = co_await store.orders->load(id)};
  Result<std::vector<HistoryLine>> lines = co_await store.orders->history(id);
  // An unreadable history is left out: it explains the claim and changes nothing.
  if (lines) found.history = std::move(*lines);
  co_return found;
}

// Absent and unreadable are findings about an order, not failures of the command.
bool redis_failed(const Error& error) {
  return error.code != Errc::not_found && error.code != Errc::unreadable;
}

boost::asio::awaitable<ExitCode> explain_missing(Store& store, const std::string& id,
                                                 std::string place) {
  // The most common reason is another Redis than the server's, and an empty one shows that.
  const Result<std::vector<std::string>> orders = co_await store.lists->recent(1);
  // The place is part of the answer, since the next question is always which Redis it was.
  std::cerr << "claimcheck: no order " << id << " in the Redis at " << place << ".\n";
  // Two different situations, and a person needs another next step in each.
  if (orders && orders->empty()) {
    std::cerr << "This Redis holds no orders at all: is it the one the server uses (REDIS_URL, "
                 "CLAIMCHECK_DATA_DIR), or was it emptied?\n";
  } else {
    std::cerr << "Other orders are there. Either this session was made by another system, or its "
                 "checkout was never stored (look for checkout_not_stored in the log), or its "
                 "time is over.\n";
  }
  co_return ExitCode::not_found;
}

boost::asio::awaitable<ExitCode> show(Store& store, const SessionCommand& command,
                                      std::string place) {
  const Found found = co_await find(store, command.session_id);
  if (!found.session && redis_failed(found.session.error())) {
    co_return complain(found.session.error());
  }
  if (!found.claim && redis_failed(found.claim.error())) co_return complain(found.claim.error());
  // One of the two is enough: the session value expires earlier than the claim, and another system
  // may have stored a value without one.
  const bool no_session = !found.session && found.session.error().code == Errc::not_found;
  const bool no_claim = !found.claim && found.claim.error().code == Errc::not_found;
  if (no_session && no_claim) {
    co_return co_await explain_missing(store, command.session_id, place);
  }
  const OrderReport report{command.session_id, found.session, found.claim, found.history};
  // The same report as the operator's page has, from the same records.
  std::cout << (command.json ? report_json(report) : report_text(report));
  co_return ExitCode::ok;
}

boost::asio::awaitable<ExitCode> list(Store& store, const SessionCommand& command) {
  const Result<std::vector<std::string>> ids = co_await store.lists->recent(command.limit);
  if (!ids) co_return complain(ids.error());
  if (!command.json && !ids->empty()) std::cout << list_header() << '\n';
  for (const std::string& id : *ids) {
    // An unreadable claim is a line of the list too: it is the one to look for.
    const Result<Claim> claim = co_await store.orders->load(id);
    if (!claim && redis_failed(claim.error())) co_return complain(claim.error());
    std::cout << (command.json ? list_json(id, claim) : list_line(id, claim)) << '\n';
  }
  // On standard error, so that a program reads an empty list and no sentence.
  if (ids->empty()) std::cerr << "claimcheck: no orders are stored here yet\n";
  co_return ExitCode::ok;
}

}  // namespace

ExitCode run_session_command(const Config& config, const SessionCommand& command) {
  // Before Redis is started or called; a wrong id would otherwise end as `not found`.
  if (!command.list && !is_session_id(command.session_id)) {
    std::cerr << "claimcheck: \"" << command.session_id
              << "\" is not a session id: those begin with cs_test_ or cs_live_ and go on with "
                 "letters and digits\n";
    return ExitCode::usage;
  }
  return run_on_store(config, [&command](Store& store, std::string place) {
    return command.list ? list(store, command) : show(store, command, std::move(place));
  });
}

}  // namespace claimcheck
