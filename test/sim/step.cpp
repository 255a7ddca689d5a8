#include "sim/step.hpp"

#include "domain/command.hpp"
#include "domain/names.hpp"
#include "store/codec.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck::sim {

namespace {

template <typename State>
struct Ways {
  State from;
  std::vector<State> to;
};

// Written down by hand from docs/state-machine.md. A person's refund ends what is not delivered.
const std::vector<Ways<OrderState>> own_order_ways = {
    {OrderState::open,
     {OrderState::paid, OrderState::held, OrderState::expired, OrderState::unpaid}},
    {OrderState::paid, {OrderState::done, OrderState::held}},
    {OrderState::done, {OrderState::held}},
    {OrderState::held, {OrderState::done}},
    {OrderState::expired, {}},
    {OrderState::unpaid, {}}};

using enum UnitState;
const std::vector<Ways<UnitState>> own_unit_ways = {
    {waiting, {submitting, running, failed, refunding, refunded, held}},
    {submitting, {waiting, running, editable, failed, refunding, refunded, held}},
    {running, {waiting, copying, editable, ready, delivered, failed, refunding, refunded, held}},
    {copying, {running, ready, delivered, failed, refunding, refunded, held}},
    {editable, {waiting, failed, refunding, refunded, held}},
    {ready, {delivered, refunding, refunded, held}},
    {failed, {refunding, refunded, held, delivered}},
    {refunding, {refunded, held}},
    {refunded, {held}},
    {held, {refunded}},
    {delivered, {}}};

// What a person's command does beside.
const std::vector<Ways<OrderState>> commanded_order_ways = {
    {OrderState::open, {}},    {OrderState::paid, {OrderState::done}},
    {OrderState::done, {}},    {OrderState::held, {OrderState::paid, OrderState::open}},
    {OrderState::expired, {}}, {OrderState::unpaid, {}}};
const std::vector<Ways<UnitState>> commanded_unit_ways = {
    {waiting, {ready, failed}},
    {submitting, {waiting, ready, failed}},
    {running, {ready, failed}},
    {copying, {ready, failed}},
    {editable, {waiting, ready, failed}},
    {ready, {failed}},
    {failed, {waiting, submitting, running, ready}},
    {refunding, {}},
    {refunded, {}},
    {held, {waiting, submitting, running, ready, failed, refunding}},
    {delivered, {}}};

template <typename State>
bool leads(const std::vector<Ways<State>>& ways, State from, State to) {
  const auto way = std::ranges::find(ways, from, &Ways<State>::from);
  if (from == to) return true;
  // A state that the table does not have yet leads nowhere: the judge names the step.
  return way != ways.end() && std::ranges::find(way->to, to) != way->to.end();
}

void check_ways(const Step& step, std::vector<std::string>& wrong) {
  const Claim& before = step.before;
  const Claim& after = step.after;
  const bool commanded = step.why.starts_with(by_operator);
  const auto& order_ways = commanded ? commanded_order_ways : own_order_ways;
  const auto& unit_ways = commanded ? commanded_unit_ways : own_unit_ways;
  if (!leads(order_ways, before.state, after.state)) {
    wrong.push_back(
        fmt::format("the order went from {} to {}", name_of(before.state), name_of(after.state)));
  }
  for (std::size_t i = 0; i < before.units.size(); ++i) {
    const UnitState from = before.units[i].state;
    const UnitState to = after.units.at(i).state;
    if (!leads(unit_ways, from, to)) {
      wrong.push_back(fmt::format("video {} went from {} to {}", i, name_of(from), name_of(to)));
    }
  }
}

// The view may be behind its order, never ahead of it.
void check_view(const Step& step, std::vector<std::string>& wrong) {
  if (step.session_after.empty() || step.session_after == step.session_before) return;
  const Result<SessionData> session = decode_session(step.session_after);
  if (!session) {
    wrong.push_back("an unreadable session value was written: " + session.error().message);
    return;
  }
  if (session->status == SessionStatus::completed && step.after.state != OrderState::done) {
    wrong.push_back(
        fmt::format("shown as completed while the order is {}", name_of(step.after.state)));
  }
  const std::size_t shown = session->files ? session->files->size() : 0;
  for (std::size_t i = 0; i < shown; ++i) {
    const Unit& unit = step.after.units.at(i);
    const bool has = unit.state == delivered || (unit.state == ready && unit.shown_before_register);
    if (session->files->at(i).url && !has) {
      wrong.push_back(fmt::format("video {} is shown while it is {}", i, name_of(unit.state)));
    }
  }
}

}  // namespace

std::vector<std::string> wrong_in(const Step& step, bool fenced) {
  std::vector<std::string> wrong;
  if (step.after.version != step.before.version + 1) {
    wrong.push_back(fmt::format("version {} follows {}", step.after.version, step.before.version));
  }
  if (fenced) check_ways(step, wrong);
  check_view(step, wrong);
  const bool kept = step.session_after.contains(foreign_member);
  if (step.session_before.contains(foreign_member) && !step.session_after.empty() && !kept) {
    wrong.emplace_back("a member of another program was changed");
  }
  return wrong;
}

}  // namespace claimcheck::sim
