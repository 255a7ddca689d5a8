// The unit tests' main. Run a part: unit_tests --test-case='*money*'; list all: --list-test-cases.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <cstdio>
#include <string>

namespace {

// Names what failed once more at the end, where a long output is read first.
class FailuresAtTheEnd final : public doctest::IReporter {
 public:
  explicit FailuresAtTheEnd(const doctest::ContextOptions&) {}

  void test_case_start(const doctest::TestCaseData& data) override { current_ = data.m_name; }
  void test_case_reenter(const doctest::TestCaseData&) override {}
  void test_case_exception(const doctest::TestCaseException& thrown) override {
    failed_ += "  " + current_ + ": " + thrown.error_string.c_str() + "\n";
  }
  void log_assert(const doctest::AssertData& data) override {
    if (data.m_failed) failed_ += "  " + current_ + ": " + data.m_expr + "\n";
  }
  void test_run_end(const doctest::TestRunStats&) override {
    if (!failed_.empty()) std::printf("failed:\n%s", failed_.c_str());
  }

  void report_query(const doctest::QueryData&) override {}
  void test_run_start() override {}
  void test_case_end(const doctest::CurrentTestCaseStats&) override {}
  void subcase_start(const doctest::SubcaseSignature&) override {}
  void subcase_end() override {}
  void log_message(const doctest::MessageData&) override {}
  void test_case_skipped(const doctest::TestCaseData&) override {}

 private:
  std::string current_;
  std::string failed_;
};

}  // namespace

DOCTEST_REGISTER_LISTENER("failures_at_the_end", 1, FailuresAtTheEnd);
