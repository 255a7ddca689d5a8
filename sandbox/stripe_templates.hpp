// The members of Stripe's objects in Stripe's order, with the values that rarely change, as API
// version 2026-10-28.endive answers them. Only stripe_objects.cpp uses them. A test compares them
// with the published fixtures.
#pragma once

#include <string_view>

namespace claimcheck::sandbox::templates {

inline constexpr std::string_view session = R"({
  "id": "", "object": "checkout.session", "adaptive_pricing": {"enabled": false},
  "after_expiration": null, "allow_promotion_codes": null, "allowed_payment_method_types": null,
  "amount_subtotal": 0, "amount_total": 0,
  "automatic_tax": {"enabled": false, "liability": null, "provider": null, "status": null},
  "billing_address_collection": null, "cancel_url": null, "client_reference_id": null,
  "client_secret": null, "collected_information": null, "consent": null,
  "consent_collection": null, "created": 0, "currency": "usd", "currency_conversion": null,
  "custom_fields": [],
  "custom_text": {"after_submit": null, "shipping_address": null, "submit": null,
                  "terms_of_service_acceptance": null},
  "customer": null, "customer_account": null, "customer_creation": "if_required",
  "customer_details": null, "customer_email": null, "discounts": [], "expires_at": 0,
  "integration_identifier": null, "invoice": null,
  "invoice_creation": {"enabled": false,
    "invoice_data": {"account_tax_ids": null, "custom_fields": null, "description": null,
                     "footer": null, "issuer": null, "metadata": {}, "rendering_options": null}},
  "livemode": false, "locale": null, "managed_payments": {"enabled": false}, "metadata": {},
  "mode": "payment", "origin_context": null, "payment_intent": null, "payment_link": null,
  "payment_method_collection": "if_required", "payment_method_configuration_details": null,
  "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
  "payment_method_types": ["card"], "payment_status": "unpaid", "permissions": null,
  "phone_number_collection": {"enabled": false}, "recovered_from": null,
  "saved_payment_method_options": null, "setup_intent": null,
  "shipping_address_collection": null, "shipping_cost": null, "shipping_options": [],
  "status": "open", "submit_type": null, "subscription": null, "success_url": null,
  "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
  "ui_mode": "hosted_page", "url": null, "wallet_options": null})";

inline constexpr std::string_view intent = R"({
  "id": "", "object": "payment_intent", "allowed_payment_method_types": null, "amount": 0,
  "amount_capturable": 0, "amount_details": {"tip": {}}, "amount_received": 0,
  "application": null, "application_fee_amount": null, "automatic_payment_methods": null,
  "canceled_at": null, "cancellation_reason": null, "capture_method": "automatic_async",
  "client_secret": "", "confirmation_method": "automatic", "created": 0, "currency": "usd",
  "customer": null, "customer_account": null, "description": null,
  "excluded_payment_method_types": null, "last_payment_error": null, "latest_charge": null,
  "livemode": false, "managed_payments": {"enabled": false}, "metadata": {},
  "next_action": null, "on_behalf_of": null, "payment_method": null,
  "payment_method_configuration_details": null, "payment_method_options": {},
  "payment_method_types": [], "payment_record": null, "processing": null,
  "receipt_email": null, "review": null, "setup_future_usage": null, "shipping": null,
  "source": null, "statement_descriptor": null, "statement_descriptor_suffix": null,
  "status": "requires_payment_method", "transfer_data": null, "transfer_group": null})";

inline constexpr std::string_view charge = R"({
  "id": "", "object": "charge", "amount": 0, "amount_captured": 0, "amount_refunded": 0,
  "application": null, "application_fee": null, "application_fee_amount": null,
  "balance_transaction": null,
  "billing_details": {
    "address": {"city": null, "country": "US", "line1": null, "line2": null,
                "postal_code": "94103", "state": null},
    "email": null, "name": "Jenny Rosen", "phone": null, "tax_id": null},
  "calculated_statement_descriptor": "SANDBOX", "captured": true, "created": 0,
  "currency": "usd", "customer": null, "description": null, "disputed": false,
  "failure_balance_transaction": null, "failure_code": null, "failure_message": null,
  "fraud_details": {}, "livemode": false, "metadata": {}, "on_behalf_of": null,
  "outcome": {"advice_code": null, "network_advice_code": null, "network_decline_code": null,
              "network_status": "approved_by_network", "reason": null, "risk_level": "normal",
              "seller_message": "Payment complete.", "type": "authorized"},
  "paid": true, "payment_intent": null, "payment_method": null, "payment_method_details": null,
  "radar_options": {}, "receipt_email": null, "receipt_number": null, "receipt_url": null,
  "refunded": false, "review": null, "shipping": null, "source": null, "source_transfer": null,
  "statement_descriptor": null, "statement_descriptor_suffix": null, "status": "succeeded",
  "transfer_data": null, "transfer_group": null})";

inline constexpr std::string_view card_details = R"({
  "card": {"amount_authorized": 0, "authorization_code": null, "brand": "visa",
    "checks": {"address_line1_check": null, "address_postal_code_check": "pass",
               "cvc_check": "pass"},
    "country": "US", "exp_month": 8, "exp_year": 2030,
    "extended_authorization": {"status": "disabled"}, "fingerprint": "AOB934RVNwzk6xtn",
    "funding": "credit", "incremental_authorization": {"status": "unavailable"},
    "installments": null, "last4": "4242", "mandate": null,
    "multicapture": {"status": "unavailable"}, "network": "visa",
    "network_token": {"used": false}, "network_transaction_id": "104102978678771",
    "overcapture": {"maximum_amount_capturable": 0, "status": "unavailable"},
    "regulated_status": "unregulated", "three_d_secure": null, "transaction_link_id": null,
    "wallet": null},
  "type": "card"})";

inline constexpr std::string_view us_bank_account_details = R"({
  "type": "us_bank_account",
  "us_bank_account": {"account_holder_type": "individual", "account_type": "checking",
    "bank_name": "STRIPE TEST BANK", "expected_debit_date": null,
    "fingerprint": "5rz93I0IxHqG3u4Y", "last4": "6789", "mandate": null,
    "payment_reference": null, "routing_number": "110000000"}})";

inline constexpr std::string_view sepa_debit_details = R"({
  "sepa_debit": {"bank_code": "37040044", "branch_code": null, "country": "DE",
    "expected_debit_date": null, "fingerprint": "vifs0Ho7vwRn1Miu", "last4": "3000",
    "mandate": null},
  "type": "sepa_debit"})";

inline constexpr std::string_view refund = R"({
  "id": "", "object": "refund", "amount": 0, "balance_transaction": null, "charge": null,
  "created": 0, "currency": "usd", "customer": null, "customer_account": null,
  "destination_details": null, "metadata": {}, "payment_intent": null, "payment_method": null,
  "reason": null, "receipt_number": null, "source_transfer_reversal": null,
  "status": "succeeded", "transfer_reversal": null})";

inline constexpr std::string_view price = R"({
  "active": true, "billing_scheme": "per_unit", "created": 0, "currency": "usd",
  "custom_unit_amount": null, "id": "", "livemode": false, "lookup_key": null, "metadata": {},
  "nickname": null, "object": "price", "product": "", "recurring": null,
  "tax_behavior": "unspecified", "tiers_mode": null, "transform_quantity": null,
  "type": "one_time", "unit_amount": 0, "unit_amount_decimal": "0"})";

inline constexpr std::string_view line_item = R"({
  "amount_discount": 0, "amount_subtotal": 0, "amount_tax": 0, "amount_total": 0,
  "currency": "usd", "description": "", "id": "", "object": "item", "price": null,
  "quantity": 1, "metadata": {}, "adjustable_quantity": null})";

inline constexpr std::string_view dispute = R"({
  "id": "", "object": "dispute", "amount": 0, "balance_transactions": [], "charge": null,
  "created": 0, "currency": "usd", "enhanced_eligibility_types": [],
  "evidence": {"access_activity_log": null, "billing_address": null,
    "cancellation_policy": null, "cancellation_policy_disclosure": null,
    "cancellation_rebuttal": null, "customer_communication": null,
    "customer_email_address": null, "customer_name": null, "customer_purchase_ip": null,
    "customer_signature": null, "duplicate_charge_documentation": null,
    "duplicate_charge_explanation": null, "duplicate_charge_id": null,
    "product_description": null, "receipt": null, "refund_policy": null,
    "refund_policy_disclosure": null, "refund_refusal_explanation": null,
    "service_date": null, "service_documentation": null, "shipping_address": null,
    "shipping_carrier": null, "shipping_date": null, "shipping_documentation": null,
    "shipping_tracking_number": null, "uncategorized_file": null,
    "uncategorized_text": null, "enhanced_evidence": {}},
  "evidence_details": {"due_by": 0, "enhanced_eligibility": {}, "has_evidence": false,
    "past_due": false, "submission_count": 0, "submission_method": "not_submitted"},
  "intended_submission_method": null, "is_charge_refundable": false, "livemode": false,
  "metadata": {}, "payment_intent": null,
  "payment_method_details": {"card": {"brand": "visa", "case_type": "chargeback",
    "network": "visa", "network_reason_code": "13.1"}, "type": "card"},
  "reason": "product_not_received", "status": "needs_response"})";

inline constexpr std::string_view customer_details = R"({
  "address": {"city": null, "country": "US", "line1": null, "line2": null,
              "postal_code": "94103", "state": null},
  "business_name": null, "email": null, "individual_name": null, "name": "Jenny Rosen",
  "phone": null, "tax_exempt": "none", "tax_ids": []})";

inline constexpr std::string_view card_declined = R"({
  "advice_code": "try_again_later", "charge": null, "code": "card_declined",
  "decline_code": "generic_decline",
  "doc_url": "https://stripe.com/docs/error-codes/card-declined",
  "message": "Your card was declined.", "network_decline_code": "05",
  "payment_method": {"id": "", "object": "payment_method", "allow_redisplay": "limited",
    "billing_details": {
      "address": {"city": null, "country": "US", "line1": null, "line2": null,
                  "postal_code": "94103", "state": null},
      "email": null, "name": "Jenny Rosen", "phone": null, "tax_id": null},
    "card": {"brand": "visa", "country": "US", "exp_month": 8, "exp_year": 2030,
             "funding": "credit", "last4": "0002"},
    "created": 0, "customer": null, "livemode": false, "metadata": {}, "type": "card"},
  "type": "card_error"})";

inline constexpr std::string_view debit_failed = R"({
  "charge": null, "code": "payment_intent_payment_attempt_failed",
  "doc_url": "https://stripe.com/docs/error-codes/payment-intent-payment-attempt-failed",
  "message": "The payment failed.",
  "payment_method": {"id": "", "object": "payment_method", "type": ""},
  "type": "invalid_request_error"})";

}  // namespace claimcheck::sandbox::templates
