// Outbox: the letters about orders that are to leave for the world outside, as records: who must
// hear what, how often it was tried, what came back. Never a body, an address or a secret: those
// are put together when a letter is sent. Operations are the Store's (store.hpp).
#pragma once

#include "base/clock.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>

namespace claimcheck {

// webhook: to the shop. mail: to the buyer.
enum class LetterWay { webhook, mail };
BOOST_DESCRIBE_ENUM(LetterWay, webhook, mail)

// waiting: to be sent. done: taken by the receiver. dead: given up; a person may try it again.
enum class LetterState { waiting, done, dead };
BOOST_DESCRIBE_ENUM(LetterState, waiting, done, dead)

struct Letter {
  std::string id;  // of the news (domain/notification.hpp), the same on each way
  LetterWay way = LetterWay::webhook;
  std::string session;
  std::string news;  // its name: "delivered"
  LetterState state = LetterState::waiting;
  std::int64_t first_us = 0;     // when it was put out
  std::int64_t attempts = 0;     // that were made, since the last `retry`
  std::int64_t last_us = 0;      // when the last one ended
  std::int64_t last_status = 0;  // what it was answered; 0 = nothing was
  std::string last_why;  // what was wrong then, for people: no address, nothing of the order

  bool operator==(const Letter&) const = default;
};
// Stored; id and way are in the key.
BOOST_DESCRIBE_STRUCT(Letter, (),
                      (session, news, state, first_us, attempts, last_us, last_status, last_why))

struct TakenLetter {
  Letter letter;
  double score = 0;  // the one that taking it wrote
};

// What an attempt has come to: done, dead, or waiting for the next one after `delay`.
struct LetterEnd {
  LetterState state = LetterState::done;
  std::int64_t status = 0;
  Duration delay{0};
  std::string why = {};
};

struct OutboxLimits {
  Duration waiting_life = std::chrono::days(30);  // of a record nobody sends
  Duration done_life = std::chrono::days(1);      // how long its end is remembered
  Duration dead_life = std::chrono::days(30);
  std::int64_t dead_kept = 10'000;  // in each partition
};

}  // namespace claimcheck
