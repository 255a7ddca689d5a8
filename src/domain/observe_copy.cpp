// The copy of a made video to the shop's storage. The video is delivered only when the copy is
// whole; while source or storage is away, it waits.
#include "base/assert.hpp"
#include "domain/generator_patience.hpp"
#include "domain/observe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace claimcheck {

namespace {

// Stored, so that the next process goes on with this copy.
void note_upload(Transition& t, const Copied& seen) {
  Unit& unit = t.unit(seen.unit);
  if (unit.upload != seen.upload || unit.upload_parts != seen.upload_parts) t.must_store();
  unit.object = seen.object;
  unit.upload = seen.upload;
  unit.upload_parts = seen.upload_parts;
  unit.source_tag = seen.source_tag;
}

Decision wait_for_copy(Transition& t, const Copied& seen) {
  // Money does not go back for it by itself: the video exists, and a person may hand it over.
  const Time since = std::max(t.under_way_since(seen.unit), from_us(t.unit(seen.unit).accepted_us));
  if (t.has_passed(t.now - since, t.policy.generator_patience)) {
    const auto patience =
        std::chrono::duration_cast<std::chrono::minutes>(t.policy.generator_patience);
    return t.hold(seen.unit, fmt::format("its copy was not finished within {} min: {}",
                                         patience.count(), seen.reason));
  }
  const Duration wait = backoff(t.unit(seen.unit), t.policy.refused_min, t.policy.refused_max);
  return t.put_off(seen.unit, "it could not be copied: " + seen.reason, wait);
}

// Not at once: a storage that loses every upload must not be asked without a pause.
Decision begin_anew(Transition& t, const Copied& seen) {
  Unit& unit = t.unit(seen.unit);
  unit.object.clear();
  unit.upload.clear();
  unit.upload_parts.clear();
  unit.source_tag.clear();
  return wait_for_copy(t, seen);
}

constexpr std::int64_t dead_addresses_max = 3;
constexpr const char* dead_address = "the generator's address of the video is dead";

// The generator is asked for another address, a few times and with pauses: one answer may be a
// moment's fault.
Decision ask_for_address(Transition& t, std::size_t index) {
  Unit& unit = t.unit(index);
  unit.dead_addresses += 1;
  if (unit.dead_addresses >= dead_addresses_max)
    return t.fail(index, dead_address, Failure::transient);
  unit.state = UnitState::running;
  unit.source_url.clear();
  unit.object.clear();
  unit.upload.clear();
  unit.upload_parts.clear();
  unit.url_ends_us = unit.put_offs = unit.called_us = 0;
  unit.retry_us = to_us(t.now + t.policy.refused_max);
  return t.change_unit(index, dead_address);
}

Decision take_copy(Transition& t, const Copied& seen) {
  Unit& unit = t.unit(seen.unit);
  unit.object = seen.object;
  unit.bytes = seen.bytes;
  unit.content_type = seen.content_type;
  unit.upload.clear();
  unit.upload_parts.clear();
  unit.retry_us = unit.put_offs = 0;
  return take_made(t, seen.unit, seen.url, "its copy is in the storage");
}

}  // namespace

Decision observe(Transition& t, const Copied& seen) {
  Unit& unit = t.unit(seen.unit);
  ENSURE(unit.state == UnitState::copying);
  switch (seen.result) {
    case CopyResult::stored: return take_copy(t, seen);
    case CopyResult::going_on:
      if (seen.upload.empty()) return begin_anew(t, seen);
      note_upload(t, seen);
      unit.retry_us = unit.put_offs = 0;
      return t.go_on();
    case CopyResult::gone: return ask_for_address(t, seen.unit);
    case CopyResult::unfit: return t.hold(seen.unit, "its result cannot be kept: " + seen.reason);
    case CopyResult::busy:
      return t.ask_again_later([](const Unit& each) { return each.state == UnitState::copying; });
    case CopyResult::unclear: break;
  }
  // Or each attempt would begin another upload, which nobody ends.
  if (!seen.upload.empty()) note_upload(t, seen);
  return wait_for_copy(t, seen);
}

}  // namespace claimcheck
