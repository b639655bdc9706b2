/** Starts the proxies between services and their neighbours, and orders replies to be swallowed. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../services/shell/project-root';
import { stackPorts } from '../../services/stack/endpoints';
import type { RunningSystem } from '../support/running-system';
import type { SwallowOrder, Swallowed } from './reply-proxy';

export type ProxyKind = 'kafka' | 'redis';
type Order = Omit<SwallowOrder, 'id'>;

const PROXY_PORTS_BEHIND = 20;
const READY = 0;

class ReplyProxy {
  private number = READY;
  private readonly waiting = new Map<number, () => void>();

  private constructor(private readonly process: ChildProcess, readonly port: number) {
    process.on('message', ({ id }: Swallowed) => this.waiting.get(id)?.());
  }

  static async start(kind: ProxyKind, neighbourPort: number): Promise<ReplyProxy> {
    const port = neighbourPort - PROXY_PORTS_BEHIND;
    const child = fork(join(projectRoot(), 'dist/test/faults/reply-proxy.js'), [kind, String(neighbourPort), String(port)], { stdio: 'ignore' });
    const proxy = new ReplyProxy(child, port);
    await proxy.said(READY, 10_000, `the proxy before ${kind} listens`);
    return proxy;
  }

  /** Returns when the reply was swallowed. */
  async swallow(order: Order, withinMs: number): Promise<void> {
    const id = ++this.number;
    const said = this.said(id, withinMs, `a reply to ${order.call} was swallowed`);
    this.process.send({ ...order, id } satisfies SwallowOrder);
    await said;
  }

  private said(id: number, withinMs: number, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`not within ${withinMs} ms: ${what}`)), withinMs);
      this.waiting.set(id, () => { clearTimeout(timer); this.waiting.delete(id); resolve(); });
    });
  }

  stop(): void { this.process.kill(); }
}

export class ReplyProxies {
  private constructor(private readonly proxies: Readonly<Record<ProxyKind, ReplyProxy>>) {}

  static async start(system: RunningSystem): Promise<ReplyProxies> {
    const { broker, redis } = stackPorts(system.config.TIDEWAITER_BASE_PORT);
    return new ReplyProxies({ kafka: await ReplyProxy.start('kafka', broker), redis: await ReplyProxy.start('redis', redis) });
  }

  /** Settings of services that go through the proxies. */
  get settings(): Record<string, string> {
    return { TIDEWAITER_BROKERS: `127.0.0.1:${this.proxies.kafka.port}`, TIDEWAITER_REDIS_URL: `redis://127.0.0.1:${this.proxies.redis.port}` };
  }

  swallow(kind: ProxyKind, order: Order, withinMs = 30_000): Promise<void> { return this.proxies[kind].swallow(order, withinMs); }
  stop(): void { for (const proxy of Object.values(this.proxies)) proxy.stop(); }
}
