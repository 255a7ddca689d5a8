// The end of a pass: what the order has become is put into the outbox, then the claim notes that it
// was. A crash in between repeats the first, which then finds its letters there. Nothing waits
// for a receiver here: sending is the courier's.
#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "flow/order_pass.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

// A buyer is told of ends, and of a long wait; that a person looks at the order stands on its page.
bool goes_by(LetterWay way, News news) {
  const bool for_the_shop = news == News::held || news == News::disputed;
  return way == LetterWay::webhook || !for_the_shop;
}

std::string why_told(const std::vector<NewsItem>& items) {
  std::string what;
  for (const NewsItem& item : items) what += (what.empty() ? "" : ", ") + news_type(item.news);
  return what.empty() ? "what was told does not hold any more" : "told: " + what;
}

}  // namespace

boost::asio::awaitable<Result<void>> OrderPass::put_out(NewsItem item) {
  for (const LetterWay way : context_.ways) {
    if (!goes_by(way, item.news)) continue;
    Letter letter;
    letter.id = news_id(id_, item);
    letter.way = way;
    letter.session = id_;
    letter.news = name_of(item.news);
    failpoint("news.before_put");
    const Result<void> put = co_await context_.store.put_letter(std::move(letter));
    if (!put) co_return put;
  }
  co_return Result<void>();
}

boost::asio::awaitable<PassEnd> OrderPass::tell(PassEnd end) {
  if (context_.ways.empty() || std::holds_alternative<Abandoned>(end)) co_return end;
  const Telling telling = to_tell(claim_, context_.clock.now());
  if (telling.told == claim_.told) co_return end;
  for (const NewsItem& item : telling.items) {
    const Result<void> put = co_await put_out(item);
    if (!put) {
      log_warn("news_not_kept", {{"session", id_}, {"why", put.error().message}});
      co_return Abandoned();
    }
  }
  failpoint("news.after_put");
  Commit change;
  change.session_id = id_;
  change.claim = claim_;
  change.claim.told = telling.told;
  const std::string state(name_of(claim_.state));
  change.lines = {{context_.clock.now(), state, state, why_told(telling.items)}};
  const Result<CommitResult> stored = co_await context_.store.commit(std::move(change));
  if (!stored) co_return Abandoned();
  if (*stored == CommitResult::refused) co_return Parked{Duration(0)};  // somebody was faster
  co_return end;
}

}  // namespace claimcheck
