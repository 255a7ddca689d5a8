// The fuzz targets: one function per reader of bytes that strangers, peers or other programs send.
// Each takes any bytes and aborts when a promise of that reader is broken. ./dev fuzz drives them
// with libFuzzer (main.cpp, one program per target); unit_tests replays the corpus in
// test/fuzz/corpus/<name> and what of test/data is fit for it. Nothing here keeps state between
// two inputs, so that a finding repeats.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck::fuzz {

// Several texts in one input, with a record separator between them.
inline std::vector<std::string> records(std::string_view bytes) {
  std::vector<std::string> texts;
  for (std::size_t at = 0; at <= bytes.size();) {
    const std::size_t end = std::min(bytes.find('\x1e', at), bytes.size());
    texts.emplace_back(bytes.substr(at, end - at));
    at = end + 1;
  }
  return texts;
}

void fuzz_answers(std::string_view bytes);
void fuzz_checkout(std::string_view bytes);
void fuzz_claim(std::string_view bytes);
void fuzz_event(std::string_view bytes);
void fuzz_http_request(std::string_view bytes);
void fuzz_session(std::string_view bytes);
void fuzz_signature(std::string_view bytes);
void fuzz_storage(std::string_view bytes);
void fuzz_swapped(std::string_view bytes);

}  // namespace claimcheck::fuzz
