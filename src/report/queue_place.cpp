#include "report/queue_place.hpp"

#include "domain/names.hpp"
#include "domain/view.hpp"
#include "flow/generator_line.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace claimcheck {

boost::asio::awaitable<std::optional<QueuePlace>> queue_place(Context& context,
                                                              std::string session_id) {
  Result<Claim> claim = co_await context.store.orders->load(session_id);
  if (!claim) co_return std::nullopt;
  const auto first = std::ranges::find_if(claim->units, waits_in_line);
  if (first == claim->units.end()) co_return std::nullopt;
  const auto index = static_cast<std::size_t>(first - claim->units.begin());
  const OrderInWork order(context, std::move(session_id), std::move(*claim));
  WaitingUnit unit = unit_in_line(order, index, order.generator_of(order.claim.units[index]));
  const Result<LineState> line = co_await context.store.places->line_state(std::move(unit));
  if (!line || line->place == 0) co_return std::nullopt;
  QueuePlace told{.place = line->place, .about_seconds = {}};
  if (line->about)
    told.about_seconds = std::chrono::ceil<std::chrono::seconds>(*line->about).count();
  co_return told;
}

}  // namespace claimcheck
