// Outbox: the messages about orders that are to leave for the world outside, as records: who must
// hear what, how often it was tried, what came back. Never a body, an address or a secret: those
// are put together when a message is sent. One of the roles of the store (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "store/async.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace claimcheck {

// webhook: to the shop. mail: to the buyer.
enum class Channel { webhook, mail };
BOOST_DESCRIBE_ENUM(Channel, webhook, mail)

// waiting: to be sent. done: taken by the receiver. dead: given up; a person may try it again.
enum class MessageState { waiting, done, dead };
BOOST_DESCRIBE_ENUM(MessageState, waiting, done, dead)

struct OutboxMessage {
  std::string id;  // of the news (domain/notification.hpp), the same on each way
  Channel channel = Channel::webhook;
  std::string session;
  std::string news;  // its name: "delivered"
  MessageState state = MessageState::waiting;
  std::int64_t first_us = 0;     // when it was put out
  std::int64_t attempts = 0;     // that were made, since the last `retry`
  std::int64_t last_us = 0;      // when the last one ended
  std::int64_t last_status = 0;  // what it was answered; 0 = nothing was
  std::string last_why;  // what was wrong then, for people: no address, nothing of the order

  bool operator==(const OutboxMessage&) const = default;
};
// Stored; id and way are in the key.
BOOST_DESCRIBE_STRUCT(OutboxMessage, (),
                      (session, news, state, first_us, attempts, last_us, last_status, last_why))

struct TakenMessage {
  OutboxMessage message;
  double score = 0;  // the one that taking it wrote
};

// What an attempt has come to: done, dead, or waiting for the next one after `delay`.
struct AttemptResult {
  MessageState state = MessageState::done;
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

class Outbox {
 public:
  virtual ~Outbox() = default;

  // Puts a message out, due now, once for each id and way: again is nothing, also after its end,
  // for as long as that is remembered. Errors: the store's.
  virtual Async<void> put_message(OutboxMessage message) = 0;
  // Up to `limit` due messages of that way; each is hidden for `lease`. One that cannot be read, of
  // a newer release, is left to that: logged, and not listed either. Errors: the store's; what was
  // taken all the same comes back when its lease is over.
  virtual Async<std::vector<TakenMessage>> take_messages(Channel channel, std::size_t limit,
                                                         Duration lease) = 0;
  // Records an attempt and what follows. False = nothing to record: it had ended meanwhile, or
  // somebody else has it by now and the attempt was none that ends it. Errors: the store's.
  virtual Async<bool> settle_message(TakenMessage taken, AttemptResult end) = 0;
  // Those that wait, by when they are due, or those that were given up, newest first.
  // Errors: the store's.
  virtual Async<std::vector<OutboxMessage>> messages(MessageState state, std::size_t limit) = 0;
  // What was given up under that id, on each way, is due now and has all its attempts again; how
  // many messages that were. Errors: the store's; some of the ways may be due again all the same.
  virtual Async<std::int64_t> retry_message(std::string id) = 0;
};

}  // namespace claimcheck
