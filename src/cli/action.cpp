#include "cli/action.hpp"

#include "base/text.hpp"
#include "cli/person.hpp"
#include "cli/store.hpp"
#include "cli/story.hpp"
#include "domain/names.hpp"
#include "domain/session.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <iostream>

namespace claimcheck {

namespace {

ExitCode complain(const Refusal& refusal) {
  std::cerr << fmt::format("claimcheck: not done ({}): {}\n", refusal.code,
                           printable(refusal.message));
  switch (refusal.kind) {
    // A script must see the difference between its own mistake, a state of the order, and an
    // unreachable Redis.
    case RefusalKind::invalid: return ExitCode::usage;
    case RefusalKind::unknown: return ExitCode::not_found;
    case RefusalKind::store_unavailable: return ExitCode::away;
    default: return ExitCode::failed;
  }
}

void print(const std::string& session_id, CommandKind kind, const ActionDone& done) {
  // The consequence in words: the decision is stored, and what it leads to happens in the server.
  std::cout << fmt::format("{} {}: {}\n", name_of(kind), session_id, consequence(kind))
            << fmt::format("order      {} (version {})\n", name_of(done.claim.state),
                           done.claim.version);
  for (const std::size_t unit : done.units) {
    std::cout << fmt::format("  video {:<3} {}\n", video_number(unit),
                             name_of(done.claim.units[unit].state));
  }
  for (const std::string& why : done.left_out) {
    std::cout << "  left out: " << printable(why) << '\n';
  }
}

boost::asio::awaitable<ExitCode> act(const Config& config, std::string session_id,
                                     OperatorAction action, Store& store, Clock& clock) {
  Story story(co_await boost::asio::this_coro::executor, config, store, clock);
  const CommandKind kind = action.command.kind;
  const auto done = co_await carry_out(story.context, session_id, std::move(action));
  if (!done) co_return complain(done.error());
  print(session_id, kind, *done);
  co_return ExitCode::ok;
}

}  // namespace

ExitCode run_action_command(const Config& config, const ActionCommand& command) {
  if (!is_session_id(command.session_id)) {
    std::cerr << "claimcheck: \"" << command.session_id << "\" is not a session id\n";
    return ExitCode::usage;
  }
  // All checks that need no Redis come before a Redis is started or called.
  OperatorWords words = command.words;
  // People count videos from 1, and the stored units count from 0.
  if (command.video) words.unit = *command.video - 1;
  auto action = read_action(std::move(words));
  if (!action) return complain(action.error());
  action->command.by = person_at_command_line();
  // As the server: the decision is stored with the time and the durability that the server's own
  // writes have.
  return run_on_store_as_server(config, [&](Store& store, Clock& clock) {
    return act(config, command.session_id, *action, store, clock);
  });
}

}  // namespace claimcheck
