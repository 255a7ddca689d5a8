// How the orders of a list are written for the operator: a row for each, and a page of rows. An
// order whose claim cannot be read has a row as well, so that somebody takes care of it. Pure.
#pragma once

#include "base/json_described.hpp"
#include "report/order_list.hpp"

#include <string>
#include <variant>
#include <vector>

namespace claimcheck {

// Names and order of all members here are the contract with the operator's page.
struct DisputeRow {
  std::string id;
  std::string status;
  std::string reason;
  std::int64_t amount = 0;
  std::string currency;
  json::OrNull<Time> created;
  json::OrNull<Time> answerBy;
  bool needsAnswer = false;
};
BOOST_DESCRIBE_STRUCT(DisputeRow, (),
                      (id, status, reason, amount, currency, created, answerBy, needsAnswer))

struct OrderRow {
  std::string id;
  OrderState state = OrderState::open;
  bool held = false;  // the order, or a unit of it
  json::OrNull<Time> created;
  json::OrNull<Time> paid;
  json::OrNull<Time> heldSince;
  std::string tool;
  std::optional<MediaKind> media;  // absent = videos
  std::string price;
  std::int64_t quantity = 0;
  std::int64_t amount = 0;
  std::string currency;
  bool livemode = false;
  std::vector<UnitState> units;
  std::string reason;
  json::OrNull<DisputeRow> dispute;
  std::string title;   // of the product
  std::string prompt;  // its first words
  std::string email;
  std::int64_t version = 0;  // of the claim: a decision about many orders names it
  // Of a held order in a list: what one decision about many may be, and the money that it is about.
  std::optional<std::vector<CommandKind>> heldActions;
  std::optional<std::int64_t> heldAmount;
};
BOOST_DESCRIBE_STRUCT(OrderRow, (),
                      (id, state, held, created, paid, heldSince, tool, media, price, quantity,
                       amount, currency, livemode, units, reason, dispute, title, prompt, email,
                       version, heldActions, heldAmount))

// Instead of OrderRow, for a claim that cannot be read.
struct UnreadableRow {
  std::string id;
  json::OrNull<Time> heldSince;
  std::string problem;
};
BOOST_DESCRIBE_STRUCT(UnreadableRow, (), (id, heldSince, problem))

// Two forms in one list: programs test for `problem`.
using ListedRow = std::variant<OrderRow, UnreadableRow>;

// `searched`: claims that were read, so that a page without orders explains itself.
struct PageAnswer {
  std::vector<ListedRow> orders;
  std::size_t searched = 0;
  json::OrNull<std::string> next;
  json::OrNull<std::string> note;
};
BOOST_DESCRIBE_STRUCT(PageAnswer, (), (orders, searched, next, note))

// The most useful reason: why the first held video is held, else the order's, else any video's.
const std::string& reason_of(const Claim& claim);
ListedRow row_of(const ShownOrder& order);
PageAnswer answer_of(const OrderPage& page);

}  // namespace claimcheck
