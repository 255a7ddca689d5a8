// Makes new, complete objects of Stripe's API: they have every member of API version
// 2026-10-28.endive, most of them null (stripe_templates.hpp). Callers set what changes later.
// Stripe's state is not touched here.
#pragma once

#include "sandbox/json_text.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace claimcheck::sandbox {

inline constexpr std::string_view stripe_api_version = "2026-10-28.endive";

Object new_price(const std::string& id, const std::string& currency, std::int64_t unit_amount,
                 std::int64_t created);
Object new_line_item(const Object& price, const std::string& description, std::int64_t quantity);
// Open and unpaid; amounts, URLs and metadata are the caller's to set.
Object new_session(const std::string& currency, std::int64_t created);
// Waits for a payment method; amount and currency are the session's.
Object new_intent(const Object& session, std::int64_t created);

enum class Method { card, bank_debit };
// "card", "us_bank_account" or "sepa_debit".
std::string_view method_name(Method method, std::string_view currency);

// A succeeded charge of that intent by test card or test bank account.
Object new_charge(const Object& intent, const Object& session, Method method, std::int64_t created);
Object new_refund(const Object& charge, std::int64_t amount, std::int64_t created);
Object new_dispute(const Object& charge, std::int64_t created);
Object customer_details(const std::string& email);
// last_payment_error of a declined card or a bounced bank debit.
Object decline_error(const std::string& charge, Method method, std::string_view currency);

}  // namespace claimcheck::sandbox
