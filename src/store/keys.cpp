#include "store/keys.hpp"

#include "base/assert.hpp"

#include <fmt/format.h>

namespace claimcheck::keys {

std::string session(std::string_view session_id) { return fmt::format("session:{}", session_id); }

std::string claim(std::string_view session_id) {
  return fmt::format("claim:{{session:{}}}", session_id);
}

std::string opened(std::string_view session_id) {
  return fmt::format("opened:{{{}}}", session(session_id));
}

std::string any_claim() { return "claim:{session:*"; }

std::string session_of_claim(std::string_view key) {
  constexpr std::string_view before = "claim:{session:";
  if (!key.starts_with(before) || !key.ends_with('}')) return {};
  key.remove_prefix(before.size());
  key.remove_suffix(1);
  return std::string(key);
}

std::string history(std::string_view session_id) {
  return fmt::format("history:{{session:{}}}", session_id);
}

std::string job(std::string_view job_id) { return fmt::format("claimcheck:job:{}", job_id); }

std::string idempotency(std::string_view hash) { return fmt::format("claimcheck:idem:{}", hash); }

std::string due(int partition) { return fmt::format("claimcheck:{{p{:02}}}:due", partition); }

std::string taken(int partition) { return fmt::format("claimcheck:{{p{:02}}}:taken", partition); }

std::string any_woken() { return "claimcheck:woken:"; }

std::string woken(int partition) { return fmt::format("{}{{p{:02}}}", any_woken(), partition); }

std::string recent(int partition) { return fmt::format("claimcheck:{{p{:02}}}:recent", partition); }

std::string unpaid(int partition) { return fmt::format("claimcheck:{{p{:02}}}:unpaid", partition); }

std::string disputed(int partition) {
  return fmt::format("claimcheck:{{p{:02}}}:disputed", partition);
}
std::string held(int partition) { return fmt::format("claimcheck:{{p{:02}}}:held", partition); }

std::string found(std::string_view hash) { return fmt::format("claimcheck:find:{}", hash); }

std::string stats(std::string_view range, std::string_view start_s) {
  return fmt::format("claimcheck:stats:{{{}}}:{}", range, start_s);
}

std::string deletion_turn() { return "claimcheck:deletion"; }

std::string meta() { return "claimcheck:meta"; }

std::string outbox(int partition, std::string_view channel) {
  return fmt::format("claimcheck:{{p{:02}}}:outbox:{}", partition, channel);
}

std::string dead(int partition) { return fmt::format("claimcheck:{{p{:02}}}:dead", partition); }

std::string message(int partition, std::string_view channel, std::string_view id) {
  return fmt::format("claimcheck:{{p{:02}}}:message:{}:{}", partition, channel, id);
}

std::string refunds_allowed() { return "claimcheck:{refunds}:allowed"; }

std::string refunds_breaker() { return "claimcheck:{refunds}:breaker"; }

std::string refunds_delivered() { return "claimcheck:{refunds}:delivered"; }

std::string generator_breaker(std::string_view generator) {
  return fmt::format("claimcheck:{{generator:{}}}:breaker", generator);
}

std::string generator_waiting(std::string_view generator) {
  return fmt::format("claimcheck:{{generator:{}}}:waiting", generator);
}

std::string generator_places(std::string_view generator) {
  return fmt::format("claimcheck:{{generator:{}}}:places", generator);
}

std::string generator_line(std::string_view generator) {
  return fmt::format("claimcheck:{{generator:{}}}:line", generator);
}

std::string generator_asking(std::string_view generator) {
  return fmt::format("claimcheck:{{generator:{}}}:asking", generator);
}

std::string generator_turns(std::string_view generator) {
  return fmt::format("claimcheck:{{generator:{}}}:turns", generator);
}

std::string generator_flow(std::string_view generator) {
  return fmt::format("claimcheck:{{generator:{}}}:flow", generator);
}

std::string generator_again() { return "claimcheck:{generator}:again"; }

std::string alerts() { return "claimcheck:{alerts}:records"; }

std::string balance_readings(std::string_view generator) {
  return fmt::format("claimcheck:{{alerts}}:balance:{}", generator);
}

std::string balance_turn() { return "claimcheck:{alerts}:balance"; }

std::string pace(std::string_view limit) { return fmt::format("claimcheck:{{pace}}:{}", limit); }

std::string checkout_client(std::string_view client) {
  return fmt::format("claimcheck:{{checkout}}:client:{}", client);
}

std::string checkout_declines() { return "claimcheck:{checkout}:declines"; }

std::string checkout_pause() { return "claimcheck:{checkout}:pause"; }

int partition_of(std::string_view member, int partitions) {
  // The same hash as that of Redis Cluster, so that every program can compute a member's partition.
  ENSURE(partitions > 0);
  return crc16(member) % partitions;
}

std::uint16_t crc16(std::string_view text) {
  constexpr unsigned polynomial = 0x1021;  // CRC-16/XMODEM
  unsigned crc = 0;
  for (const char c : text) {
    crc ^= static_cast<unsigned>(static_cast<unsigned char>(c)) << 8U;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 0x8000U) != 0 ? (crc << 1U) ^ polynomial : crc << 1U;
    }
  }
  return static_cast<std::uint16_t>(crc);
}

}  // namespace claimcheck::keys
