// The status route on fastify with node-redis, which sends the commands of one turn of the event
// loop together. PORT, REDIS_PORT.
'use strict';
const fastify = require('fastify');
const { createClient } = require('redis');

const text = { type: 'string' };
const schema = { response: { 200: { type: 'object', properties: {
  status: text, fileId: text, error: text, toolSlug: text, toolTitle: text, prompt: text,
  timestamp: text,
} } } };

async function main() {
  const port = Number(process.env.REDIS_PORT);
  const redis = createClient({ socket: { host: '127.0.0.1', port } });
  redis.on('error', () => null);
  await redis.connect();
  const app = fastify({ logger: false });
  app.get('/api/webhook-status/:id', { schema }, async (request, reply) => {
    const value = await redis.get(`session:${request.params.id}`);
    if (value === null) return reply.code(404).send({ status: 'error' });
    const data = JSON.parse(value);
    return {
      status: data.status, fileId: data.fileId, error: data.error, toolSlug: data.toolSlug,
      toolTitle: data.toolTitle, prompt: data.prompt, timestamp: data.createdAt,
    };
  });
  await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
}

main();
