#include "sandbox/agenda.hpp"

#include <algorithm>
#include <utility>

namespace claimcheck::sandbox {

void Agenda::at(Time due, std::function<void()> deed) {
  deeds_.emplace(due, std::move(deed));
  // One task for each action: when the clock was moved meanwhile, the wake finds nothing due.
  tasks_.start(wake(std::max(Duration(0), due - clock_.now())));
}

void Agenda::after(Duration delay, std::function<void()> deed) {
  at(clock_.now() + delay, std::move(deed));
}

void Agenda::run_due() {
  while (!deeds_.empty() && deeds_.begin()->first <= clock_.now()) {
    auto deed = deeds_.extract(deeds_.begin());  // removed first: an action may add others
    deed.mapped()();
  }
}

boost::asio::awaitable<void> Agenda::wake(Duration delay) {
  co_await clock_.sleep(delay);
  run_due();
}

}  // namespace claimcheck::sandbox
