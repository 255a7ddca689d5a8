// What an S3 storage answers: the first line is the status, the rest the body. Nothing that we
// cannot read may look like a success.
#include "base/assert.hpp"
#include "storage/answers.hpp"
#include "storage/xml.hpp"
#include "targets.hpp"

#include <algorithm>
#include <charconv>

namespace claimcheck::fuzz {

namespace {

constexpr std::string_view object = "k";  // of the answers in the corpus

int depth_of(const XmlElement& element) {
  int below = 0;
  for (const XmlElement& child : element.children) below = std::max(below, depth_of(child));
  return 1 + below;
}

template <typename T>
void ensure_told(const Result<T>& result) {
  if (result) return;
  const Errc code = result.error().code;
  ENSURE(code == Errc::forbidden || code == Errc::not_found || code == Errc::invalid ||
         code == Errc::unavailable || code == Errc::ambiguous);
  ENSURE(result.error().message.size() < 2000);
}

}  // namespace

void fuzz_storage(std::string_view bytes) {
  const std::size_t line = std::min(bytes.find('\n'), bytes.size());
  HttpResponse answer;
  std::from_chars(bytes.data(), bytes.data() + line, answer.status);
  answer.body = bytes.substr(std::min(line + 1, bytes.size()));
  answer.headers = {{"etag", answer.body.substr(0, 40)},
                    {"content-length", answer.body.substr(0, 20)}};

  const Result<XmlElement> root = read_xml(answer.body);
  if (root) ENSURE(depth_of(*root) <= xml_depth_max && !root->name.empty());
  ENSURE(read_xml("<a>" + escape_html(answer.body) + "</a>").value().text == answer.body);

  using namespace storage_answers;
  const auto begun = read_begun(answer, object);
  ensure_told(begun);
  if (begun) ENSURE(answer.status / 100 == 2 && !begun->empty());
  const auto completed = read_completed(answer, object);
  ensure_told(completed);
  if (completed) ENSURE(root && root->name == "CompleteMultipartUploadResult");
  const auto list = read_list(answer);
  ensure_told(list);
  if (list) ENSURE(std::ranges::none_of(list->objects, &std::string::empty));
  ensure_told(read_part(answer, 1, 1));
  ensure_told(read_found(answer));
  ensure_told(read_removed(answer));
}

}  // namespace claimcheck::fuzz
