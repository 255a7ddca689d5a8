// The stored forms, without any store.
#include "base/json.hpp"
#include "store/codec.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace claimcheck {

namespace {

std::string spliced(std::string_view bytes, const std::vector<MemberChange>& changes) {
  const Result<std::string> result = splice_session(bytes, changes);
  REQUIRE_MESSAGE(result.has_value(), result.error().message);
  return *result;
}

SessionData decoded(std::string_view bytes) {
  const Result<SessionData> result = decode_session(bytes);
  REQUIRE_MESSAGE(result.has_value(), result.error().message);
  return *result;
}

SessionData full_session() {
  SessionData session;
  session.prompt = "Кот 🎩 \"q\" \\ / \x7f";
  session.videoCount = 3;
  session.duration = 8.5;
  session.resolution = "1280x720";
  session.style = "cinematic";
  session.toolSlug = "veo3-prompt-generator";
  session.toolTitle = "Free VEO3";
  session.createdAt = "2025-07-25T09:15:00.123Z";
  session.status = SessionStatus::processing;
  session.fileId = "f";
  session.error = "e";
  session.timestamp = "2025-07-25T09:17:42.007Z";
  session.message = "m";
  session.notice = "held";
  session.files = {{.fileId = "f", .status = SessionStatus::completed, .url = "u"}, {}};
  session.customerEmail = "a@b.example";
  session.schema = 1;
  return session;
}

}  // namespace

TEST_CASE("codec: a session prints as JSON.stringify does") {
  CHECK(encode_session(full_session()) ==
        "{\"prompt\":\"Кот 🎩 \\\"q\\\" \\\\ / \x7f\",\"videoCount\":3,\"duration\":8.5,"
        "\"resolution\":\"1280x720\",\"style\":\"cinematic\","
        "\"toolSlug\":\"veo3-prompt-generator\",\"toolTitle\":\"Free VEO3\","
        "\"createdAt\":\"2025-07-25T09:15:00.123Z\",\"status\":\"processing\",\"fileId\":\"f\","
        "\"error\":\"e\",\"timestamp\":\"2025-07-25T09:17:42.007Z\",\"message\":\"m\","
        "\"notice\":\"held\","
        "\"files\":[{\"fileId\":\"f\",\"status\":\"completed\",\"url\":\"u\"},"
        "{\"status\":\"pending\"}],\"customerEmail\":\"a@b.example\",\"schema\":1}");
  CHECK(decoded(encode_session(full_session())) == full_session());
}

TEST_CASE("codec: absent optionals are absent") {
  SessionData session;
  session.duration = 8;
  CHECK(encode_session(session) ==
        R"({"prompt":"","videoCount":1,"duration":8,"resolution":"","style":"","toolSlug":"",)"
        R"("toolTitle":"","createdAt":"","status":"pending"})");
}

TEST_CASE("codec: texts are escaped as JSON.stringify does") {
  CHECK(json_text(std::string_view("\0\x01\b\t\n\v\f\r\x1f", 9)) ==
        R"("\u0000\u0001\b\t\n\u000b\f\r\u001f")");
  CHECK(json_text("\x7f \u2028\u2029 / < > & '") == "\"\x7f \u2028\u2029 / < > & '\"");
}

TEST_CASE("codec: numbers print as JSON.stringify does") {
  CHECK(json_number(8) == "8");
  CHECK(json_number(-0.0) == "0");
  CHECK(json_number(8.5) == "8.5");
  CHECK(json_number(0.1) == "0.1");
  CHECK(json_number(9007199254740992) == "9007199254740992");
  CHECK(json_number(std::numeric_limits<double>::infinity()) == "null");
}

TEST_CASE("codec: reading is tolerant of types, numbers may be texts") {
  const SessionData session = decoded(
      R"({"status":"completed","videoCount":"3","duration":"8.5","prompt":null,"style":7,)"
      R"("resolution":{},"fileId":null,"error":5,"files":"none","schema":null,"toolSlug":[1]})");
  CHECK(session.status == SessionStatus::completed);
  CHECK(session.videoCount == 3);
  CHECK(session.duration == 8.5);
  CHECK(session.prompt.empty());
  CHECK(session.style.empty());
  CHECK(session.resolution == "1280x720");
  CHECK_FALSE(session.fileId);
  CHECK_FALSE(session.error);
  CHECK_FALSE(session.files);
  CHECK_FALSE(session.schema);
  CHECK(session.toolSlug.empty());
}

TEST_CASE("codec: what is missing or makes no sense is the default; what is odd stays") {
  CHECK(decoded(R"({"status":"x"})").status == SessionStatus::pending);
  CHECK(decoded(R"({"status":"error"})").videoCount == 1);
  CHECK(decoded(R"({"status":"error"})").duration == 8);
  CHECK(decoded(R"({"videoCount":1.5})").videoCount == 1);
  CHECK(decoded(R"({"videoCount":"3 videos"})").videoCount == 1);
  CHECK(decoded(R"({"videoCount":1e300})").videoCount == 1);
  CHECK(decoded(R"({"videoCount":4.0})").videoCount == 4);
  CHECK(decoded(R"({"videoCount":-2})").videoCount == -2);
  CHECK(decoded(R"({"status":"error","resolution":"hd"})").resolution == "hd");
  CHECK(decoded(R"({"status":"error","status":"completed"})").status == SessionStatus::completed);
}

TEST_CASE("codec: a number that is none, or has no end, is not understood") {
  const std::string odd[] = {"1e999", "-1e999", "\"inf\"", "\"-nan\"", "\"infinity\""};
  for (const std::string& member : odd) {
    CAPTURE(member);
    CHECK(decoded(R"({"status":"error","duration":)" + member + "}").duration == 8);
    CHECK(decoded(R"({"status":"error","videoCount":)" + member + "}").videoCount == 1);
  }
  CHECK(decoded(R"({"status":"error","duration":0e999})").duration == 0);
}

TEST_CASE("codec: a printed number is read as the same number") {
  for (const double number : {0.1, 9.007606831596423, 1.3e-228, 1e300 / 7}) {
    CHECK(decoded(R"({"status":"error","duration":)" + json_number(number) + "}").duration ==
          number);
  }
}

TEST_CASE("codec: a lone surrogate is read as U+FFFD") {
  CHECK(decoded(R"({"status":"error","prompt":"a\ud83d b"})").prompt == "a\uFFFD b");
  CHECK(decoded(R"({"status":"error","prompt":"\udf69"})").prompt == "\uFFFD");
  CHECK(decoded(R"({"status":"error","prompt":"\ud83c\udfa9"})").prompt == "🎩");
}

TEST_CASE("codec: the stored spelling of half a surrogate pair is kept beside") {
  const auto halves = [](std::string_view members) {
    return decoded(R"({"status":"error",)" + std::string(members) + "}").halves;
  };
  using Halves = decltype(SessionData::halves);
  CHECK(halves(R"("prompt":"a\ud83d b", "toolTitle":"\uDF69\u0041")") ==
        Halves{{"prompt", R"("a\ud83d b")"}, {"toolTitle", R"("\uDF69\u0041")"}});
  CHECK(halves(R"("prompt":"\ud83d\ud83d\ude00")").size() == 1);
  CHECK(halves(R"("prompt":"a\ud83d","prompt":"b")").empty());
  for (const char* whole :
       {R"("prompt":"\ud83d\ude00 \u00e9 \\ud83d \"")", R"("prompt":"\\\\ud83d")",
        R"("prompt":"\ud7ff\ue000")", R"("x":{"\ud83d":["\ud83d"]})"}) {
    CAPTURE(std::string(whole));
    CHECK(halves(whole).empty());
  }
}

TEST_CASE("codec: what is no order is unreadable, and the message says what it is") {
  struct Row {
    std::string bytes;
    const char* says;
  };
  const std::string deep =
      R"({"status":"error","x":)" + std::string(100, '[') + std::string(100, ']') + "}";
  const Row rows[] = {
      {"", "empty"},
      {"null", "not a JSON object"},
      {"[]", "not a JSON object"},
      {"300", "not a JSON object"},
      {R"("{\"status\":\"pending\"}")", "encoded twice"},
      {"{", "not JSON"},
      {R"({"status":"pending"} x)", "not JSON"},
      {"{\"status\":\"\xff\"}", "not JSON"},
      {deep, "not JSON"},
      {"{}", "old layout"},
      {R"({"fileId":"f","timestamp":"t"})", "old layout"},
      {R"({"prompt":"p","timestamp":"t"})", "not an order"},
      {R"({"status":"pending","schema":2})", "newer"},
      {R"({"status":"pending","schema":1e9})", "newer"},
      {R"({"status":"pending","schema":1e999})", "newer"},
      {R"({"status":"pending","schema":"2"})", "newer"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.bytes);
    const Result<SessionData> read = decode_session(row.bytes);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == Errc::unreadable);
    CHECK_MESSAGE(read.error().message.find(row.says) != std::string::npos, read.error().message);
    const Result<std::string> changed = splice_session(row.bytes, {{"fileId", json_text("g")}});
    REQUIRE_FALSE(changed.has_value());
    CHECK(changed.error().code == Errc::unreadable);
    CHECK(changed.error().message == read.error().message);
    const auto around = decode_around_prompt(row.bytes);
    REQUIRE_FALSE(around.has_value());
    CHECK(around.error().message == read.error().message);
  }
}

TEST_CASE("codec: a session is read the same without its prompt, whose text is handed on") {
  struct Row {
    std::string member;
    std::string_view prompt;
  };
  const Row rows[] = {{R"("prompt":"a\"b\u00e9\ud83d",)", R"("a\"b\u00e9\ud83d")"},
                      {R"("prompt":"first","prompt" : "last",)", R"("last")"},
                      {R"("\u0070rompt":"",)", R"("")"},
                      {R"("prompt":7,)", ""},
                      {"", ""}};
  for (const Row& row : rows) {
    CAPTURE(row.member);
    const std::string bytes =
        "{" + row.member + R"("status":"error","error":"x\udc00","files":[{"fileId":"f"}]})";
    const auto around = decode_around_prompt(bytes);
    REQUIRE(around.has_value());
    CHECK(around->prompt == row.prompt);
    SessionData whole = decode_session(bytes).value();
    whole.prompt.clear();
    whole.halves.erase("prompt");
    CHECK((around->session == whole));
  }
}

TEST_CASE("splice: only the named members change, everything else keeps its bytes") {
  const std::string_view bytes =
      " { \"a\" : 8.50 ,\n\"status\"\t:\"pending\" , \"b\":[1,{\"status\":\"}\\\"\"} ] ,"
      "\"c\":\"\\ud83d \\u00e9\", \"d\":-0, \"e\":1e999,\"f\":{ } } \n";
  CHECK(spliced(bytes, {}) == bytes);
  CHECK(spliced(bytes, {{"status", "\"error\""}}) ==
        " { \"a\" : 8.50 ,\n\"status\"\t:\"error\" , \"b\":[1,{\"status\":\"}\\\"\"} ] ,"
        "\"c\":\"\\ud83d \\u00e9\", \"d\":-0, \"e\":1e999,\"f\":{ } } \n");
  CHECK(spliced(bytes, {{"new", "1"}, {"newer", "[2]"}}) ==
        " { \"a\" : 8.50 ,\n\"status\"\t:\"pending\" , \"b\":[1,{\"status\":\"}\\\"\"} ] ,"
        "\"c\":\"\\ud83d \\u00e9\", \"d\":-0, \"e\":1e999,\"f\":{ } ,\"new\":1,\"newer\":[2]} \n");
}

TEST_CASE("splice: members are removed wherever they stand") {
  const std::string_view bytes = R"({"a":1,"status":"error","b":2,"c":3})";
  CHECK(spliced(bytes, {{"a", std::nullopt}}) == R"({"status":"error","b":2,"c":3})");
  CHECK(spliced(bytes, {{"b", std::nullopt}}) == R"({"a":1,"status":"error","c":3})");
  CHECK(spliced(bytes, {{"c", std::nullopt}}) == R"({"a":1,"status":"error","b":2})");
  CHECK(spliced(bytes, {{"a", std::nullopt}, {"b", std::nullopt}, {"c", std::nullopt}}) ==
        R"({"status":"error"})");
  CHECK(spliced(bytes, {{"none", std::nullopt}}) == bytes);
  CHECK(spliced(bytes, {{"c", std::nullopt}, {"c", "4"}}) ==
        R"({"a":1,"status":"error","b":2,"c":4})");
}

TEST_CASE("splice: of several members with one name the last is the one") {
  const std::string_view bytes = R"({"x":1,"status":"error","x":2,"x ":3})";
  CHECK(spliced(bytes, {{"x", "9"}}) == R"({"x":1,"status":"error","x":9,"x ":3})");
  CHECK(spliced(bytes, {{"x", std::nullopt}}) == R"({"status":"error","x ":3})");
}

TEST_CASE("splice: names are compared after unescaping, and escaped when added") {
  CHECK(spliced(R"({"\u0073tatus":"error"})", {{"status", "\"pending\""}}) ==
        R"({"\u0073tatus":"pending"})");
  CHECK(spliced(R"({"status":"error"})", {{"a\"b", "1"}}) == R"({"status":"error","a\"b":1})");
}

TEST_CASE("splice: refuses a change that would spoil the value") {
  const auto code = [](std::string_view bytes, std::vector<MemberChange> changes) {
    return splice_session(bytes, changes).error().code;
  };
  const std::string_view bytes = R"({"status":"error"})";
  CHECK(code(bytes, {{"x", "1,\"y\":2"}}) == Errc::invalid);
  CHECK(code(bytes, {{"x", ""}}) == Errc::invalid);
  CHECK(code(bytes, {{"x", "\"\xff\""}}) == Errc::invalid);
  CHECK(code(bytes, {{"\xff", "1"}}) == Errc::invalid);
  CHECK(code(bytes, {{"schema", "99"}}) == Errc::invalid);
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(splice_session(bytes, {{"x", nested(json::depth_max - 1)}}).has_value());
  CHECK(code(bytes, {{"x", nested(json::depth_max)}}) == Errc::invalid);
  CHECK(code(bytes, {{"status", std::nullopt}}) == Errc::invalid);
}

}  // namespace claimcheck
