// Every key that claimcheck uses in Redis is built here and nowhere else; docs/redis-layout.md is
// checked against this file. The hash tag of a claim is the whole session key, so that both lie in
// one cluster slot; the work index is spread over partitions, each in a slot of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace claimcheck::keys {

// The session value, the claim, its history, and when the buyer first opened the order.
std::string session(std::string_view session_id);
std::string claim(std::string_view session_id);
std::string history(std::string_view session_id);
std::string opened(std::string_view session_id);
// The pattern of the keys of all claims, and the session id in such a key; empty = no claim.
std::string any_claim();
std::string session_of_claim(std::string_view key);
// The unit that owns a job, and the record of a create-checkout call.
std::string job(std::string_view job_id);
std::string idempotency(std::string_view hash);
// Indexes of one partition: due orders, their leases, all orders by creation, the bytes of unpaid
// ones, and the lists of held and disputed ones.
std::string due(int partition);
std::string taken(int partition);
// Written when an order was woken that another process shall take; `any_woken` begins these keys of
// all partitions.
std::string woken(int partition);
std::string any_woken();
std::string recent(int partition);
std::string unpaid(int partition);
std::string held(int partition);
std::string disputed(int partition);
// The orders that a search word leads to, by its SHA-256.
std::string found(std::string_view hash);
// The counts of one bucket: of one minute (m), five minutes (f) or an hour (h).
std::string stats(std::string_view range, std::string_view start_s);
// The description of this Redis, and its marks: one hash.
std::string meta();
// The turn of who deletes old results.
std::string deletion_turn();
// The outbox: the index of one channel, the index of dead messages, the record of one message.
std::string outbox(int partition, std::string_view channel);
std::string dead(int partition);
std::string message(int partition, std::string_view channel, std::string_view id);
// The refund breaker, its keys together in one slot.
std::string refunds_allowed();
std::string refunds_breaker();
std::string refunds_delivered();
// The breaker of a generator, its keys together in one slot.
std::string generator_breaker(std::string_view generator);
std::string generator_waiting(std::string_view generator);
// Its places and lines, where its capacity is limited; likewise.
std::string generator_places(std::string_view generator);
std::string generator_line(std::string_view generator);
std::string generator_asking(std::string_view generator);
std::string generator_turns(std::string_view generator);
std::string generator_flow(std::string_view generator);
std::string generator_again();  // of all generators together
// The records of the alerts, and the turn of who reads the generator's balance, in one slot.
std::string alerts();
std::string balance_turn();
std::string balance_readings(std::string_view generator);
// The pace of calls under one limit of a peer.
std::string pace(std::string_view limit);
// The gate of the checkout, its keys together in one slot: what one client opened, the declined
// cards, the pause.
std::string checkout_client(std::string_view client);
std::string checkout_declines();
std::string checkout_pause();

// CRC16 (the one of Redis Cluster) of the member, modulo the number of partitions.
int partition_of(std::string_view member, int partitions);
std::uint16_t crc16(std::string_view text);

}  // namespace claimcheck::keys
