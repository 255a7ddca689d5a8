// Two generators for the only tool, with --generators: SuperDuperAI, then fal, which cannot be
// asked whether it has a job. Each job carries the seed of its unit, so the books of both tell
// whose it is.
'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const model = 'fal-ai/veo3/fast';

// The settings of a service. No proxy stands before fal: its answers name its own address.
function withTwo(folder, sandbox) {
  const file = path.join(folder, 'claimcheck.toml');
  fs.writeFileSync(file, `[generator.fal]
kind = "fal"
url = "${sandbox.url}/fal"
key = "any:any"
callback_keys_url = "${sandbox.url}/fal/.well-known/jwks.json"
[generator.fal.models."${model}"]
input = { prompt = "{prompt}", seed = "{seed}" }
[tool.veo3-prompt-generator]
generators = ["superduperai:google-cloud/veo3-text2video", "fal:${model}"]
`);
  return { CLAIMCHECK_CONFIG: file, CLAIMCHECK_FALLBACK_AFTER: '20s' };
}

// The sandbox's words for the jobs of both.
const isMade = ({ state }) => ['completed', 'done'].includes(state);
const hasFailed = ({ state }) => ['error', 'failed', 'refused'].includes(state);
const seedOf = ({ seed, raw_config: input }) => seed ?? Number(input?.seed);
// As buyers see its id: a digest of where fal is asked about it (src/generator/generators.hpp).
function fileOf({ provider, id }) {
  if (provider === 'superduperai') return id;
  const handle = crypto.createHash('sha256').update(`fal-ai/veo3/requests/${id}`).digest('hex');
  return `fal-d_${handle.slice(0, 32)}`;
}

module.exports = { fileOf, hasFailed, isMade, seedOf, withTwo };
