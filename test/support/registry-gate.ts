/**
 * TLS and a password before a registry that has neither, as a reverse proxy gives it both in most places. A process of its
 * own, as tests wait for commands without a turn of their event loop: `node registry-gate.js KEY CERTIFICATE PORT BEHIND USERS`,
 * USERS being `name:password` pairs, comma-separated.
 */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';

const [keyFile = '', certificateFile = '', port = '', behind = '', users = ''] = process.argv.slice(2);
const known = new Set(users.split(',').map((user) => `Basic ${Buffer.from(user).toString('base64')}`));

createServer({ key: readFileSync(keyFile), cert: readFileSync(certificateFile) }, (incoming, outgoing) => {
  if (!known.has(incoming.headers.authorization ?? '')) {
    outgoing.writeHead(401, { 'content-type': 'application/json' }).end('{"error_code":401,"message":"no such user"}');
    return;
  }
  const headers = { ...incoming.headers };
  delete headers.authorization;
  const passed = request({ host: '127.0.0.1', port: Number(behind), method: incoming.method, path: incoming.url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  passed.on('error', () => outgoing.destroy());
  incoming.pipe(passed);
}).listen(Number(port), '127.0.0.1');
