// News: what the world outside is told of an order, a closed set. It follows from the claim alone:
// each news is a condition, told once when it begins to hold, and the claim's field `told` says
// which were. What can happen again (an order is held once more, a refund came back and went out
// anew) is counted, so every transition has an id of its own, the same for whoever computes it.
// Never paid and expired is no news: nobody waits for it, and Stripe tells the shop.
#pragma once

#include "base/clock.hpp"
#include "domain/claim.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// delivered: every video has its outcome, and at least one is there to be seen.
// failed: every video has its outcome, and none is there; or the payment failed on its way.
// refunded: the order is over, and money that was paid for it is back.
// held: a person must decide.
// delayed: it has waited so long for a generator that is away.
// disputed: a bank asks about the payment or takes it back, and an answer is due.
enum class News { delivered, failed, refunded, held, delayed, disputed };
BOOST_DESCRIBE_ENUM(News, delivered, failed, refunded, held, delayed, disputed)

struct NewsItem {
  News news = News::delivered;
  std::int64_t ordinal = 1;  // the how-manieth of its kind for this order

  bool operator==(const NewsItem&) const = default;
};

// An order that was last worked on longer ago than this, and of which nothing was told, stays
// untold: it ended before anybody wanted to know. Disputes come late: they are told in any case.
inline constexpr Duration news_age_max = std::chrono::days(14);

// A generator that is away for less is nobody's worry.
inline constexpr Duration delayed_after = std::chrono::minutes(10);

// The claim's field `told` of an order that was over before Redis lost it: nobody is told again.
inline constexpr const char* told_all = "delivered.1 failed.1 refunded.1";

struct Telling {
  std::vector<NewsItem> items;  // to be told now
  std::string told;             // the claim's field, afterwards
};
Telling to_tell(const Claim& claim, Time now);

// The claim's field `told`, when what does not hold any more is noted: whoever changes an order by
// hand writes it with the change, for a pass may bring the order back to where it was.
std::string still_told(const Claim& claim);
// "order.delivered"; of a name also one that only a newer release knows.
std::string news_type(News news);
std::string news_type(std::string_view name);
// "msg_" and 32 hex digits.
std::string news_id(std::string_view session_id, const NewsItem& item);

}  // namespace claimcheck
