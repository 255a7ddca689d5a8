#include "values.hpp"

#include "domain/session.hpp"
#include "store/codec.hpp"
#include "unit/support/order_machine.hpp"

namespace claimcheck::bench {

Claim running_claim(std::size_t units) {
  Claim claim = test::paid_claim(units);
  for (std::size_t i = 0; i < units; ++i) {
    claim = decide(claim, test::prepared(i), test::start).claim;
    const std::string job = "11111111-2222-4333-8444-00000000000" + std::to_string(i);
    claim = decide(claim, test::submitted(SubmitResult::accepted, i, job), test::start).claim;
  }
  return claim;
}

// Escapes and letters of two bytes are in it, as in prompts that people write.
std::string session_value(std::size_t prompt_bytes) {
  constexpr std::string_view piece = "a \"drone\" shot,\nкадр с дрона; ";
  SessionData session;
  while (session.prompt.size() + piece.size() <= prompt_bytes) session.prompt += piece;
  session.resolution = "1280x720";
  session.style = "cinematic";
  session.toolSlug = "veo3-prompt-generator";
  session.toolTitle = "Free VEO3 Viral Prompt Generator";
  session.createdAt = "2026-01-02T03:04:05.678Z";
  session.timestamp = session.createdAt;
  session.status = SessionStatus::processing;
  session.fileId = "11111111-2222-4333-8444-000000000000";
  session.files = std::vector<SessionFile>{
      {.fileId = session.fileId, .status = SessionStatus::processing, .url = std::nullopt}};
  session.priceId = "price_single";
  return encode_session(session);
}

}  // namespace claimcheck::bench
