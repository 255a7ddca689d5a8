#include "flow/order_request.hpp"

#include "base/json.hpp"
#include "domain/claim.hpp"
#include "domain/email.hpp"
#include "domain/session.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

using Checked = std::expected<void, Refusal>;

std::unexpected<Refusal> refuse(std::string code, std::string param, std::string message) {
  Refusal refusal;
  refusal.code = std::move(code);
  refusal.param = std::move(param);
  refusal.message = std::move(message);
  return std::unexpected(std::move(refusal));
}

// Null and absent are the same: the member was not given.
const boost::json::value* given(const boost::json::value& body, std::string_view name) {
  const boost::json::value* member = json::find(body, name);
  return member == nullptr || member->is_null() ? nullptr : member;
}

Checked read_text(const boost::json::value& body, std::string_view name, std::string& text) {
  const boost::json::value* member = given(body, name);
  if (member == nullptr) return {};
  if (!member->is_string()) {
    return refuse("invalid_type", std::string(name), fmt::format("{} must be a string", name));
  }
  text = member->get_string();
  return {};
}

// An empty slug or title counts as not given, as in the system that was replaced. A caller cannot
// rename a configured tool.
Checked read_tool(const boost::json::value& body, const Catalog& catalog, OrderRequest& order) {
  std::string slug;
  if (Checked text = read_text(body, "toolSlug", slug); !text) return text;
  const bool configured = slug.empty() || catalog.tool(slug) != nullptr;
  const Tool* tool = catalog.tool_for(order.price, slug);
  if (tool == nullptr) {
    return configured ? refuse("tool_mismatch", "toolSlug", "this price buys another tool")
                      : refuse("unknown_tool", "toolSlug", "this tool is not known");
  }
  order.tool = *tool;
  // The limits are those of the tool that the price buys, also under the shop's own name.
  order.tool_slug = configured ? tool->slug : slug;
  order.tool_title = tool->title;
  if (configured) return {};
  if (!is_tool_slug(slug)) {
    return refuse("invalid_tool_slug", "toolSlug",
                  fmt::format("toolSlug must be 1 to {} letters, digits, dashes, dots or "
                              "underscores",
                              tool_slug_bytes_max));
  }
  std::string title;
  if (Checked text = read_text(body, "toolTitle", title); !text) return text;
  if (title.empty()) return {};
  if (!is_tool_title(title)) {
    return refuse(
        "invalid_tool_title", "toolTitle",
        fmt::format("toolTitle must be a line of at most {} bytes", tool_title_bytes_max));
  }
  order.tool_title = std::move(title);
  return {};
}

Checked read_price(const boost::json::value& body, const Catalog& catalog, OrderRequest& order) {
  std::string id;
  if (Checked text = read_text(body, "priceId", id); !text) return text;
  if (id.empty()) return refuse("missing", "priceId", "Price ID is required");
  const Price* price = catalog.price(id);
  if (price == nullptr) return refuse("unknown_price", "priceId", "this price is not for sale");
  order.price = *price;
  return read_tool(body, catalog, order);
}

Checked read_quantity(const boost::json::value& body, OrderRequest& order) {
  const boost::json::value* member = given(body, "quantity");
  if (member == nullptr) return {};
  const std::optional<std::int64_t> number = json::integer(*member);
  if (!number || *number < 1 || *number > quantity_max) {
    return refuse("invalid_quantity", "quantity",
                  fmt::format("quantity must be a whole number from 1 to {}", quantity_max));
  }
  const std::int64_t fitting = quantity_max_at(order.price);
  if (*number > fitting) {
    return refuse("invalid_quantity", "quantity",
                  fmt::format("an order holds at most {} videos: quantity at most {} at this price",
                              units_max, fitting));
  }
  order.quantity = *number;
  return {};
}

Checked read_prompt(const boost::json::value& body, OrderRequest& order) {
  if (Checked text = read_text(body, "prompt", order.prompt); !text) return text;
  if (auto wrong = objection_to_text(order.prompt)) return std::unexpected(std::move(*wrong));
  return {};
}

Checked read_duration(const boost::json::value& body, OrderRequest& order) {
  // The first of each list is the default.
  order.duration = order.tool.durations.front();
  const boost::json::value* member = given(body, "duration");
  if (member == nullptr) return {};
  boost::system::error_code failed;
  const double wanted = member->to_number<double>(failed);
  if (failed || std::ranges::find(order.tool.durations, wanted) == order.tool.durations.end()) {
    return refuse(
        "invalid_duration", "duration",
        fmt::format("duration must be one of {} (seconds)", fmt::join(order.tool.durations, ", ")));
  }
  order.duration = wanted;
  return {};
}

Checked read_choice(const boost::json::value& body, std::string_view name,
                    const std::vector<std::string>& choices, std::string& chosen) {
  chosen = choices.front();
  if (Checked text = read_text(body, name, chosen); !text) return text;
  if (std::ranges::find(choices, chosen) == choices.end()) {
    return refuse(fmt::format("invalid_{}", name), std::string(name),
                  fmt::format("{} must be one of: {}", name, fmt::join(choices, ", ")));
  }
  return {};
}

Checked read_email(const boost::json::value& body, OrderRequest& order) {
  if (Checked text = read_text(body, "customerEmail", order.customer_email); !text) return text;
  const std::string& email = order.customer_email;
  if (email.empty()) return {};
  if (!is_email(email)) {
    return refuse("invalid_email", "customerEmail", "customerEmail is not an e-mail address");
  }
  return {};
}

// "ru", "pt-BR": the language of mails to the buyer. A language without a mail text is accepted.
Checked read_locale(const boost::json::value& body, OrderRequest& order) {
  constexpr std::size_t locale_bytes_max = 16;
  if (Checked text = read_text(body, "locale", order.locale); !text) return text;
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  if (order.locale.size() > locale_bytes_max || !std::ranges::all_of(order.locale, plain)) {
    return refuse("invalid_locale", "locale", "locale must be a language like en or pt-BR");
  }
  return {};
}

// The number of characters of valid UTF-8, as Stripe counts them.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

// One line: it is shown in lists and searched for.
bool is_line(std::string_view text) {
  return std::ranges::none_of(text, [](unsigned char c) { return c < ' ' || c == 0x7F; });
}

Checked read_reference(const boost::json::value& body, OrderRequest& order) {
  if (Checked text = read_text(body, "reference", order.reference); !text) return text;
  if (characters(order.reference) <= reference_characters_max && is_line(order.reference))
    return {};
  return refuse(
      "invalid_reference", "reference",
      fmt::format("reference must be a line of at most {} characters", reference_characters_max));
}

// Our own names in Stripe's metadata: from them an order is recovered.
bool is_own_metadata(std::string_view name) { return name == "video_count" || name == "tool"; }

Checked read_metadata_member(std::string_view name, const boost::json::value& value) {
  // Stripe reads a bracket in a name as a place in a structure.
  const bool fits = !name.empty() && characters(name) <= metadata_name_characters_max &&
                    is_line(name) && name.find_first_of("[]") == std::string_view::npos;
  if (!fits) {
    return refuse("invalid_metadata", "metadata",
                  fmt::format("a name in metadata must have 1 to {} characters without brackets",
                              metadata_name_characters_max));
  }
  if (is_own_metadata(name)) {
    return refuse("invalid_metadata", "metadata",
                  fmt::format("{} in metadata is used by this server", name));
  }
  // An empty value would remove the member at Stripe.
  const boost::json::string* text = value.if_string();
  if (text == nullptr || text->empty() || characters(*text) > metadata_value_characters_max) {
    return refuse("invalid_metadata", "metadata",
                  fmt::format("a value in metadata must be a string of 1 to {} characters",
                              metadata_value_characters_max));
  }
  return {};
}

Checked read_metadata(const boost::json::value& body, OrderRequest& order) {
  const boost::json::value* member = given(body, "metadata");
  if (member == nullptr) return {};
  const boost::json::object* object = member->if_object();
  if (object == nullptr) return refuse("invalid_type", "metadata", "metadata must be an object");
  if (object->size() > metadata_members_max) {
    return refuse("invalid_metadata", "metadata",
                  fmt::format("metadata holds at most {} members", metadata_members_max));
  }
  for (const auto& [name, value] : *object) {
    if (Checked checked = read_metadata_member(name, value); !checked) return checked;
    order.metadata.emplace_back(name, value.get_string());
  }
  // The same order in another spelling is the same call to Stripe.
  std::ranges::sort(order.metadata);
  return {};
}

}  // namespace

// Without the locale: a retry from a page in another language is the same order.
std::string OrderRequest::canonical() const {
  const boost::json::array parts = {price.id,
                                    tool_slug,
                                    tool_title,
                                    quantity,
                                    prompt,
                                    duration,
                                    resolution,
                                    style,
                                    customer_email,
                                    reference,
                                    boost::json::value_from(metadata)};
  return boost::json::serialize(parts);
}

std::optional<Refusal> objection_to_text(const std::string& prompt) {
  // Checked before payment: no video can be made from a blank prompt.
  if (prompt.find_first_not_of(" \t\r\n") == std::string::npos) {
    return refuse("empty_prompt", "prompt", "the prompt is empty").error();
  }
  if (prompt.size() > prompt_bytes_max) {
    return refuse("prompt_too_long", "prompt",
                  fmt::format("the prompt is longer than {} bytes", prompt_bytes_max))
        .error();
  }
  return std::nullopt;
}

std::int64_t quantity_max_at(const Price& price) {
  return std::min(quantity_max, static_cast<std::int64_t>(units_max) / price.units);
}

std::expected<OrderRequest, Refusal> read_order_request(std::string_view body,
                                                        const Catalog& catalog) {
  Result<boost::json::object> members = json::parse_body(body);
  if (!members) return refuse("invalid_json", "", members.error().message);
  const boost::json::value document(std::move(*members));
  OrderRequest order;
  // The price first: it names the tool, and the tool has the choices that the other members are
  // compared with.
  Checked checked = read_price(document, catalog, order);
  if (checked) checked = read_quantity(document, order);
  if (checked) checked = read_prompt(document, order);
  if (checked) checked = read_duration(document, order);
  if (checked) {
    checked = read_choice(document, "resolution", order.tool.resolutions, order.resolution);
  }
  if (checked) checked = read_choice(document, "style", order.tool.styles, order.style);
  if (checked) checked = read_email(document, order);
  if (checked) checked = read_reference(document, order);
  if (checked) checked = read_metadata(document, order);
  if (checked) checked = read_locale(document, order);
  if (!checked) return std::unexpected(checked.error());
  return order;
}

}  // namespace claimcheck
