// A shop that sells one of each kind: videos of the built-in generator, images and audio files of
// fal, which the sandbox plays as well.
'use strict';

const prices = { video: 'price_single', image: 'price_image', audio: 'price_audio' };

const config = (url) => `
[generator.fal]
kind = "fal"
url = "${url}/fal"
key = "fal-id:fal-secret"
callback_keys_url = "${url}/fal/.well-known/jwks.json"

[tool.portrait]
title = "A portrait"
type = "image"
resolutions = ["1280x720", "720x1280"]
generators = ["fal:fal-ai/flux/dev"]

[tool.jingle]
title = "A jingle"
type = "audio"
generators = ["fal:fal-ai/stable-audio"]
`;

const options = {
  sandbox: ['--generate-ms', '300', '--price', 'price_single:usd:100:One video',
    '--price', 'price_triple:usd:200:Three videos', '--price', 'price_image:usd:40:One image',
    '--price', 'price_audio:usd:60:One jingle'],
  settings: {
    STRIPE_PRICE_IDS: 'price_single:veo3-prompt-generator,price_triple:veo3-prompt-generator:3,' +
      'price_image:portrait,price_audio:jingle',
  },
  config,
};

module.exports = { config, options, prices };
