#include "report/order_list.hpp"

#include "base/text.hpp"
#include "domain/names.hpp"
#include "domain/session.hpp"
#include "flow/for_a_person.hpp"
#include "store/search_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace claimcheck {

namespace {

constexpr std::size_t claims_at_once = 100;  // in one round trip

bool any_unit(const Claim& claim, UnitState state) {
  return std::ranges::find(claim.units, state, &Unit::state) != claim.units.end();
}

bool passes(const Claim& claim, OrderFilter filter) {
  switch (filter) {
    case OrderFilter::held: return is_held(claim);
    case OrderFilter::disputed: return needs_answer(claim.dispute);
    case OrderFilter::waiting: return claim.state == OrderState::open;
    case OrderFilter::working: return claim.state == OrderState::paid;
    case OrderFilter::delivered: return any_unit(claim, UnitState::delivered);
    // A refund that is under way counts: the operator looks for orders by their outcome.
    case OrderFilter::refunded:
      return any_unit(claim, UnitState::refunded) || any_unit(claim, UnitState::refunding);
    // Both ends without money: never paid, and a payment that failed.
    case OrderFilter::unpaid:
      return claim.state == OrderState::expired || claim.state == OrderState::unpaid;
    case OrderFilter::all: return true;
  }
  return false;
}

// A claim that cannot be read is for a person, so it passes as a held one, in every list.
bool passes(const ShownOrder& order, OrderFilter filter) {
  if (order.claim) return passes(*order.claim, filter);
  return filter == OrderFilter::held || filter == OrderFilter::all;
}

bool has_word(const ShownOrder& order, const std::string& word) {
  const auto has = [&](std::string_view text) {
    return lowercase(text).find(word) != std::string::npos;
  };
  // An unreadable claim is found by the reason why it is unreadable.
  if (!order.claim) return has(order.session_id) || has(order.claim.error().message);
  const auto unit_has = [&](const Unit& unit) { return has(unit.reason) || has(unit.job); };
  const Claim& claim = *order.claim;
  return has(order.session_id) || has(claim.reason) || has(claim.tool) || has(claim.sold_as) ||
         has(claim.price) || has(claim.payment_intent) || has(claim.charge) ||
         has(claim.dispute.id) || has(claim.dispute.reason) ||
         std::ranges::any_of(claim.units, unit_has);
}

char letter_of(OrderList which) { return name_of(which).front(); }

// "<list>.<us>.<session id>": the last order that was read, and in which list.
std::string cursor_of(OrderList which, const ListedOrder& last) {
  return fmt::format("{}.{}.{}", letter_of(which), to_us(last.when), last.session_id);
}

// A search in two lists may end between them: then the cursor has a list and no order yet.
std::string beginning_of(OrderList which) { return fmt::format("{}.", letter_of(which)); }

OrderList list_of(OrderFilter filter) {
  // The two short lists have an index. Every other filter reads all orders, the newest first.
  if (filter == OrderFilter::held) return OrderList::held;
  return filter == OrderFilter::disputed ? OrderList::disputed : OrderList::recent;
}

struct Cursor {
  OrderList which = OrderList::recent;
  std::optional<ListedOrder> after;  // nothing = from the beginning
};

// Cursors come from the network, so every part of them is checked.
Result<Cursor> cursor_in(std::string_view text) {
  const auto wrong = fail(Errc::invalid, "this is not a place in the list");
  if (text.size() < 2 || text[1] != '.') return wrong;
  const std::array lists = {OrderList::recent, OrderList::held, OrderList::disputed};
  const auto which = std::ranges::find(lists, text[0], letter_of);
  if (which == lists.end()) return wrong;
  Cursor cursor{.which = *which, .after = {}};
  text.remove_prefix(2);
  if (text.empty()) return cursor;
  std::int64_t us = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), us);
  if (failed != std::errc() || end == text.data() + text.size() || *end != '.') return wrong;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  // The id becomes a part of a command to Redis, so no other text may pass.
  if (!is_session_id(text)) return wrong;
  cursor.after = ListedOrder{.session_id = std::string(text), .when = from_us(us)};
  return cursor;
}

}  // namespace

// Reads until enough orders are found, the list ends, or enough was read for one request.
template <typename Wanted>
boost::asio::awaitable<Result<OrderPage>> OrderSearch::walk(OrderList which,
                                                            std::optional<ListedOrder> after,
                                                            Bounds bounds, Wanted wanted) {
  OrderPage page;
  while (page.searched < bounds.claims) {
    // In portions of one round trip each, and never more than this request may read.
    const std::size_t some = std::min(claims_at_once, bounds.claims - page.searched);
    const Result<std::vector<ListedOrder>> listed =
        co_await context_.store.lists->list(which, after, some);
    if (!listed) co_return fail(listed);
    std::vector<std::string> ids;
    for (const ListedOrder& order : *listed) ids.push_back(order.session_id);
    const Result<std::vector<Result<Claim>>> claims =
        co_await context_.store.orders->load_all(std::move(ids));
    if (!claims) co_return fail(claims);
    for (std::size_t i = 0; i < listed->size(); ++i) {
      // Sorted by creation: every order after this one was begun earlier still.
      if (bounds.from && (*listed)[i].when < *bounds.from) co_return page;
      // The cursor moves with each order that was read, so the next page begins exactly after it.
      after = (*listed)[i];
      ++page.searched;
      const Result<Claim>& claim = (*claims)[i];
      // The lists of held and disputed orders are hints. An outdated entry is removed here.
      const bool lasts = which == OrderList::recent ||
                         co_await still_listed(*context_.store.lists, which, *after, claim);
      if (!lasts) continue;
      if (!claim && claim.error().code == Errc::not_found) continue;  // it has expired
      ShownOrder order{.session_id = after->session_id, .claim = claim, .held_since = {}};
      // Only this list has the time of holding; the others are sorted by another one.
      if (which == OrderList::held) order.held_since = after->when;
      if (!wanted(order)) continue;
      page.orders.push_back(std::move(order));
      if (page.orders.size() < bounds.orders) continue;
      page.next = cursor_of(which, *after);
      co_return page;
    }
    // Fewer than asked for: the list has ended, so there is no next page.
    if (listed->size() < some) co_return page;
  }
  // The bound was reached before the list ended: also a page without any order can have a next one.
  page.next = after ? cursor_of(which, *after) : beginning_of(which);
  co_return page;
}

bool has_dates(OrderFilter filter) { return list_of(filter) == OrderList::recent; }

boost::asio::awaitable<Result<OrderPage>> OrderSearch::list(OrderFilter filter, std::string before,
                                                            std::size_t limit, Created created) {
  const OrderList which = list_of(filter);
  if (!created.all() && !has_dates(filter)) {
    co_return fail(Errc::invalid, "this list is not sorted by the time of the order");
  }
  Cursor cursor{.which = which, .after = {}};
  // No id is empty, so the place before all orders of that moment needs no index of its own.
  if (created.until) cursor.after = ListedOrder{.session_id = {}, .when = *created.until};
  if (!before.empty()) {
    Result<Cursor> given = cursor_in(before);
    if (!given) co_return fail(given);
    // A place in another list would skip orders of this one silently.
    if (given->which != which) co_return fail(Errc::invalid, "this place is of another list");
    cursor = std::move(*given);
  }
  const auto wanted = [filter](const ShownOrder& order) { return passes(order, filter); };
  const Bounds bounds{.orders = limit, .claims = claims_per_request, .from = created.from};
  Result<OrderPage> page = co_await walk(which, cursor.after, bounds, wanted);
  if (!page) co_return page;
  co_return co_await described(std::move(*page));
}

boost::asio::awaitable<Result<OrderPage>> OrderSearch::find(std::string words, std::string before) {
  Result<OrderPage> page = co_await found(std::move(words), std::move(before));
  if (!page) co_return page;
  co_return co_await described(std::move(*page));
}

boost::asio::awaitable<Result<OrderPage>> OrderSearch::described(OrderPage page) {
  std::vector<std::string> ids;
  for (const ShownOrder& order : page.orders) ids.push_back(order.session_id);
  const Result<std::vector<std::string>> heads =
      co_await context_.store.sessions->read_heads(std::move(ids), gist_bytes_max);
  if (!heads) co_return fail(heads);
  for (std::size_t i = 0; i < heads->size() && i < page.orders.size(); ++i) {
    ShownOrder& order = page.orders[i];
    if (!order.claim) continue;
    order.gist = gist_of((*heads)[i], *order.claim, context_.catalog, face_);
    order.held = held_part(*order.claim, context_.clock.now(), context_.policy);
  }
  co_return page;
}

boost::asio::awaitable<Result<OrderPage>> OrderSearch::found(std::string words,
                                                             std::string before) {
  // From the narrowest meaning to the widest. A cursor exists only for the search in texts, so with
  // one the others are skipped.
  if (before.empty() && is_session_id(words)) {
    std::vector<std::string> ids = {words};
    co_return co_await known(std::move(ids));
  }
  if (before.empty() && words.starts_with("pi_")) co_return co_await of_payment(words);
  if (before.empty() && words.find('@') != std::string::npos) {
    Result<std::vector<std::string>> ids =
        co_await context_.store.words->find_word(email_word(words));
    if (!ids) co_return fail(ids);
    if (!ids->empty()) co_return co_await known(std::move(*ids));
  }
  if (before.empty()) {
    Result<std::vector<std::string>> ids =
        co_await context_.store.words->find_word(reference_word(words));
    if (!ids) co_return fail(ids);
    if (!ids->empty()) co_return co_await known(std::move(*ids));
  }
  if (before.empty()) {
    Result<OrderPage> owner = co_await of_file(words);
    // Any text may be a file id, so an unknown one is no error: the text search follows.
    if (!owner || !owner->orders.empty()) co_return owner;
  }
  co_return co_await text(lowercase(words), before);
}

boost::asio::awaitable<Result<OrderPage>> OrderSearch::known(std::vector<std::string> ids) {
  OrderPage page;
  // Counted as read, also those without a claim.
  page.searched = ids.size();
  Result<std::vector<Result<Claim>>> claims = co_await context_.store.orders->load_all(ids);
  if (!claims) co_return fail(claims);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    Result<Claim>& claim = (*claims)[i];
    if (!claim && claim.error().code == Errc::not_found) continue;
    page.orders.push_back(
        {.session_id = std::move(ids[i]), .claim = std::move(claim), .held_since = {}});
  }
  co_return page;
}

// Stripe also knows payments that are older than the index.
boost::asio::awaitable<Result<OrderPage>> OrderSearch::of_payment(std::string payment_intent) {
  Result<std::vector<std::string>> ids =
      co_await context_.store.words->find_word(payment_word(payment_intent));
  if (!ids) co_return fail(ids);
  if (!ids->empty()) co_return co_await known(std::move(*ids));
  const Result<std::string> session = co_await context_.stripe.session_of(payment_intent);
  if (session && is_session_id(*session)) ids->push_back(*session);
  Result<OrderPage> page = co_await known(std::move(*ids));
  const bool unknown = !session && session.error().code != Errc::not_found;
  // Without the note an empty page would say that there is no such payment.
  if (page && unknown) page->note = "Stripe could not be asked: " + session.error().message;
  co_return page;
}

boost::asio::awaitable<Result<OrderPage>> OrderSearch::of_file(std::string file) {
  const Result<std::string> owner = co_await context_.store.jobs->job_owner(std::move(file));
  if (!owner && owner.error().code == Errc::not_found) co_return OrderPage();
  if (!owner) co_return fail(owner);
  // The owner of a file is a unit, <session id>/<unit>; the order is before the slash.
  std::vector<std::string> ids = {owner->substr(0, owner->find('/'))};
  co_return co_await known(std::move(ids));
}

boost::asio::awaitable<Result<OrderPage>> OrderSearch::text(std::string word, std::string before) {
  Cursor cursor{.which = OrderList::held, .after = {}};
  if (!before.empty()) {
    Result<Cursor> given = cursor_in(before);
    if (!given) co_return fail(given);
    cursor = std::move(*given);
  }
  OrderPage page;
  Bounds bounds{.orders = orders_per_page, .claims = claims_per_request};
  // Held orders first: an operator who searches has usually one of them in mind, and they are few.
  if (cursor.which == OrderList::held) {
    const auto in_all = [&word](const ShownOrder& order) { return has_word(order, word); };
    // Until the held ones end; then the same request goes on with all orders.
    Result<OrderPage> held = co_await walk(OrderList::held, cursor.after, bounds, in_all);
    if (!held || !held->next.empty()) co_return held;
    page = std::move(*held);
    // One request has one budget for both lists.
    bounds.orders -= page.orders.size();
    bounds.claims -= page.searched;
    cursor = Cursor();
  }
  // A held order was in the first list already, and must not be shown twice.
  const auto in_rest = [&word](const ShownOrder& order) {
    return !(order.claim && is_held(*order.claim)) && has_word(order, word);
  };
  Result<OrderPage> rest = co_await walk(OrderList::recent, cursor.after, bounds, in_rest);
  if (!rest) co_return rest;
  std::ranges::move(rest->orders, std::back_inserter(page.orders));
  page.searched += rest->searched;
  page.next = std::move(rest->next);
  co_return page;
}

}  // namespace claimcheck
