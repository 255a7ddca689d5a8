"""Three generators at once, one of which dies in the middle: `./dev demo --generators`. Three tools
begin with another generator each and name a second one. The sandbox plays all of them; then fal
refuses every submit, and its orders go on elsewhere. tools/demo starts the servers."""
import time

ORDERS_EACH = 2
FALLBACK_AFTER = "5s"  # 5 minutes in a real shop
PATIENCE_S = 90

TOOLS = {
    "by-fal": ("fal:fal-ai/veo3/fast", "replicate:google/veo-3-fast"),
    "by-replicate": ("replicate:google/veo-3-fast", "superduperai:google-cloud/veo3-text2video"),
    "by-superduperai": ("superduperai:google-cloud/veo3-text2video", "fal:fal-ai/veo3/fast"),
}


def configuration(sandbox):
    text = f"""
[generator.fal]
kind = "fal"
url = "{sandbox}/fal"
key = "demo:demo"
callback_keys_url = "{sandbox}/fal/.well-known/jwks.json"
[generator.fal.models."fal-ai/veo3/fast"]
cost_per_second = "0.15 usd"

[generator.replicate]
kind = "replicate"
url = "{sandbox}/replicate"
key = "r8_demo"
callback_secret = "whsec_c2FuZGJveC1yZXBsaWNhdGUtc2VjcmV0"
"""
    for slug, generators in TOOLS.items():
        names = ", ".join(f'"{name}"' for name in generators)
        text += f'\n[tool.{slug}]\ntitle = "A clip, first {slug[3:]}"\ngenerators = [{names}]\n'
    return text


def prices():
    return ",".join(f"price_single:{slug}" for slug in TOOLS)


class Demo:
    """`ask(method, url, body)` and `say(text)` are those of tools/demo."""

    def __init__(self, sandbox, url, ask, say):
        self.sandbox, self.url, self.ask, self.say = sandbox, url, ask, say

    def buy(self, slug):
        checkout = self.ask("POST", self.url + "/api/create-checkout", {
            "priceId": "price_single", "toolSlug": slug, "prompt": f"A boat, sold as {slug}"})
        session = checkout["sessionId"]
        self.ask("POST", f"{self.sandbox}/sandbox/sessions/{session}/pay", {"action": "pay"})
        return session

    def status(self, session):
        return self.ask("GET", f"{self.url}/api/webhook-status/{session}")

    def round(self, title):
        self.say(title)
        orders = [(slug, self.buy(slug)) for slug in TOOLS for _ in range(ORDERS_EACH)]
        deadline = time.monotonic() + PATIENCE_S
        told = set()
        while len(told) < len(orders) and time.monotonic() < deadline:
            for slug, session in orders:
                order = self.status(session)
                if session in told or order["status"] not in ("completed", "error"):
                    continue
                told.add(session)
                self.tell(slug, order)
            time.sleep(0.3)
        return all(self.status(session)["status"] == "completed" for _, session in orders)

    def tell(self, slug, order):
        file = order["files"][0].get("fileId") or "no file"
        maker = file.split("-")[0] if file.startswith(("fal-", "replicate-")) else "superduperai"
        self.say(f"  {slug:<17} {order['status']:<10} made by {maker}")

    def run(self):
        alive = self.round(f"{3 * ORDERS_EACH} orders at three generators:")
        self.say("\nNow fal locks the account (403).")
        self.ask("POST", self.sandbox + "/sandbox/faults", [
            {"match": "POST /fal/*", "times": 0, "action": {"status": 403}}])
        moved = self.round(f"{3 * ORDERS_EACH} orders more, one generator being dead "
                           f"(left after {FALLBACK_AFTER}):")
        ledger = self.ask("GET", self.sandbox + "/sandbox/ledger")
        made, refunds = len(ledger["generations"]), len(ledger["refunds"])
        self.say(f"\n{6 * ORDERS_EACH} videos paid, {made} made, {refunds} refunds.")
        return alive and moved and made == 6 * ORDERS_EACH and refunds == 0
