// The usual stack for the same orders: fastify, Stripe's own SDK, BullMQ on ioredis. It takes an
// order, believes Stripe's signed event, generates in a job and writes the status. It promises less
// than claimcheck: nothing is read back from Stripe, a job that runs twice generates twice, and
// nothing is refunded. PORT, REDIS_PORT, SANDBOX and the secrets come from the environment.
'use strict';
const { Queue, Worker } = require('bullmq');
const fastify = require('fastify');
const { Redis } = require('ioredis');
const Stripe = require('stripe');

const { env } = process;
const atOnce = 500;  // a job that waits for its video costs only a timer
const pollMs = 1000;  // as claimcheck asks SuperDuperAI
const lifeSeconds = 30 * 86400;
const { hostname, port } = new URL(env.SANDBOX);
const stripe = new Stripe(env.STRIPE_SECRET_KEY, { host: hostname, port, protocol: 'http' });
const connect = () =>
  new Redis(Number(env.REDIS_PORT), '127.0.0.1', { maxRetriesPerRequest: null });
const redis = connect();
const queue = new Queue('orders', { connection: connect() });

const write = (id, data) =>
  redis.set(`session:${id}`, JSON.stringify(data), 'EX', lifeSeconds);
const read = async (id) => JSON.parse(await redis.get(`session:${id}`));

async function generator(method, path, body) {
  const answer = await fetch(env.SANDBOX + path, {
    method, body: body && JSON.stringify(body),
    headers: {
      authorization: `Bearer ${env.SUPERDUPERAI_TOKEN}`, 'content-type': 'application/json' },
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  return answer.json();
}

async function generate({ data: { id } }) {
  const order = await read(id);
  const { id: fileId } = await generator('POST', '/api/v1/file/generate-video', { config: {
    prompt: order.prompt, negative_prompt: '', width: 1280, height: 720, aspect_ratio: '16:9',
    duration: 8, seed: Math.floor(Math.random() * 2 ** 31), references: [],
    generation_config_name: 'google-cloud/veo3-text2video',
  } });
  await write(id, { ...order, status: 'processing', fileId });
  for (;;) {
    await new Promise((resolve) => { setTimeout(resolve, pollMs); });
    const file = await generator('GET', `/api/v1/file/${fileId}`);
    if (!file.url) continue;
    await write(id, { ...order, status: 'completed', fileId, url: file.url });
    return;
  }
}

const app = fastify({ logger: false, bodyLimit: 8 * 1024 * 1024 });

app.post('/api/create-checkout', async (request) => {
  const { priceId, quantity = 1, prompt } = request.body;
  const session = await stripe.checkout.sessions.create({
    mode: 'payment', line_items: [{ price: priceId, quantity }],
    success_url: 'http://127.0.0.1/done/{CHECKOUT_SESSION_ID}', cancel_url: 'http://127.0.0.1/',
    metadata: { tool: 'veo3-generator', video_count: String(quantity) },
  });
  const now = new Date().toISOString();
  await write(session.id, {
    prompt, videoCount: quantity, duration: 8, resolution: '1280x720', style: 'cinematic',
    toolSlug: 'veo3-prompt-generator', toolTitle: 'Free VEO3 Viral Prompt Generator',
    createdAt: now, status: 'pending', timestamp: now,
  });
  return { sessionId: session.id, url: session.url };
});

app.register(async (hooks) => {
  hooks.removeContentTypeParser('application/json');
  hooks.addContentTypeParser('application/json', { parseAs: 'buffer' },
    (request, body, done) => done(null, body));
  hooks.post('/api/webhooks/stripe', async (request, reply) => {
    let event;
    try {
      event = stripe.webhooks.constructEvent(request.body, request.headers['stripe-signature'],
        env.STRIPE_WEBHOOK_SECRET);
    } catch (error) {
      return reply.code(400).send({ error: error.message });
    }
    const { id, payment_status: paid } = event.data.object;
    if (event.type === 'checkout.session.completed' && paid === 'paid') {
      await queue.add('generate', { id }, {
        jobId: id, attempts: 5, backoff: { type: 'exponential', delay: 1000 },
        removeOnComplete: true,
      });
    }
    return { received: true };
  });
});

const worker = new Worker('orders', generate, { connection: connect(), concurrency: atOnce });
worker.on('error', (error) => console.error(error));
worker.on('failed', (job, error) => console.error(error));
app.listen({ host: '127.0.0.1', port: Number(env.PORT) });
