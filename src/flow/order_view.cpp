#include "flow/order_view.hpp"

#include "domain/names.hpp"
#include "generator/generators.hpp"

#include <algorithm>

namespace claimcheck {

namespace {

MemberChange text_or_removed(std::string name, const std::optional<std::string>& text) {
  MemberChange change{.name = std::move(name), .json = std::nullopt};
  if (text) change.json = json_text(*text);
  return change;
}

}  // namespace

std::vector<MemberChange> changes_of(const View& view, Time now) {
  // Every member that a view can have gets a change, also where it is absent: a message of an older
  // state must not stay.
  std::vector<MemberChange> changes;
  if (view.drop_prompt) changes.push_back({"prompt", json_text("")});
  changes.push_back({"status", json_text(name_of(view.status))});
  changes.push_back(text_or_removed("fileId", view.file_id));
  changes.push_back(text_or_removed("error", view.error));
  changes.push_back({"timestamp", json_text(to_iso(now))});
  changes.push_back(text_or_removed("message", view.message));
  std::optional<std::string> notice;
  if (view.notice) notice = name_of(*view.notice);
  changes.push_back(text_or_removed("notice", notice));
  std::optional<std::string> waits_until;
  if (view.waits_until) waits_until = to_iso(*view.waits_until);
  changes.push_back(text_or_removed("waitsUntil", waits_until));
  MemberChange files{.name = "files", .json = std::nullopt};
  if (!view.files.empty()) files.json = json_files(view.files);
  changes.push_back(std::move(files));
  MemberChange refund{.name = "refund", .json = std::nullopt};
  if (view.refund) refund.json = json_refund(*view.refund);
  changes.push_back(std::move(refund));
  MemberChange paid{.name = "paid", .json = std::nullopt};
  if (view.paid) paid.json = json_paid(*view.paid);
  changes.push_back(std::move(paid));
  return changes;
}

std::string foreign_file(const SessionData& session, const Claim& claim, std::size_t unit) {
  std::optional<std::string> file;
  if (session.files && unit < session.files->size()) file = (*session.files)[unit].fileId;
  // `fileId` is the first video's: a writer may know only that member.
  if (!file && unit == 0) file = session.fileId;
  if (!file || !is_file_id(*file)) return {};
  // A job of any unit of this order is ours, at any place in the list.
  if (std::ranges::find(claim.units, *file, &Unit::job) != claim.units.end()) return {};
  return *file;
}

SessionData rebuilt_session(const Claim& claim, const Catalog& catalog) {
  SessionData session;
  session.videoCount = static_cast<std::int64_t>(claim.units.size());
  session.toolSlug = slug_of(claim);
  session.createdAt = to_iso(from_us(claim.created_us));
  if (!claim.price.empty()) session.priceId = claim.price;
  if (const auto kind = other_than_video(claim.media)) session.media = name_of(*kind);
  // What the buyer chose is lost with the value. The first choices make the page complete; without
  // a prompt nothing is generated from them.
  const Tool* tool = catalog.tool(claim.tool);
  if (tool != nullptr) {
    session.toolTitle = tool->title;
    session.duration = tool->durations.front();
    session.resolution = tool->resolutions.front();
    session.style = tool->styles.front();
  }
  return session;
}

}  // namespace claimcheck
