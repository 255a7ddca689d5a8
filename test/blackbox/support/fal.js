// The configuration of a shop whose only generator is the sandbox's fal, which tells why it makes
// nothing. For `config` of a Shop.
'use strict';

const fal = (url) => `[generator.fal]\nkind = "fal"\nurl = "${url}/fal"\nkey = "id:secret"\n`
  + `callback_keys_url = "${url}/fal/.well-known/jwks.json"\n`
  + '[tool.veo3-prompt-generator]\ngenerators = ["fal:fal-ai/veo3/fast"]\n';

module.exports = { fal };
