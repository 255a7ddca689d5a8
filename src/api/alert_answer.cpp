#include "api/alert_answer.hpp"

#include "domain/alert_words.hpp"

#include <utility>

namespace claimcheck {

std::vector<AlertAnswer> alert_answers(const std::vector<AlertRecord>& open) {
  std::vector<AlertAnswer> answers;
  for (const AlertRecord& record : open) {
    AlertWords words = alert_words(record);
    answers.push_back({.alert = record.kind,
                       .severity = rule_of(record.kind).severity,
                       .since = from_us(record.since_us),
                       .count = record.count,
                       .title = std::move(words.title),
                       .what = std::move(words.what),
                       .meanwhile = std::move(words.meanwhile),
                       .todo = std::move(words.todo),
                       .page = std::move(words.page)});
  }
  return answers;
}

}  // namespace claimcheck
