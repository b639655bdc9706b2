/**
 * Stands between services and broker or Redis, as a process of its own, and swallows exactly one reply when told to:
 * the neighbour has done what it was asked, and the service never hears so. `cut`: the connection is closed instead;
 * `late`: that reply and all behind it come when the service has long given up.
 *   node reply-proxy.js <kafka|redis> <port of the neighbour> <own port>
 */
import { connect, createServer, type Socket } from 'node:net';
import { KafkaWire, RedisWire, withPort, type Reply, type Request, type Wire } from './frames';

/** `client`: beginning of the client's name; '' for any. */
export interface SwallowOrder { readonly id: number; readonly call: string; readonly client: string; readonly lateMs: number | null }
export interface Swallowed { readonly id: number }

const [, , kind, neighbour, own] = process.argv;
const [neighbourPort, ownPort] = [Number(neighbour), Number(own)];
const tellsPorts = new Set(['Metadata', 'FindCoordinator']);
const orders: SwallowOrder[] = [];

class Link {
  private readonly wire: Wire = kind === 'kafka' ? new KafkaWire() : new RedisWire();
  private readonly open = new Map<number, Request>();
  private readonly there: Socket;
  /** Replies are held back, those behind them too: the order on a connection stays. */
  private held: Buffer[] | undefined;

  constructor(private readonly here: Socket) {
    this.there = connect({ host: '127.0.0.1', port: neighbourPort });
    for (const socket of [here, this.there]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.close());
      socket.on('close', () => this.close());
    }
    here.on('data', (chunk) => this.asked(chunk));
    this.there.on('data', (chunk) => this.answered(chunk));
  }

  private asked(chunk: Buffer): void {
    for (const request of this.wire.requests(chunk)) {
      this.open.set(request.correlation, request);
      this.there.write(request.bytes);
    }
  }

  private answered(chunk: Buffer): void {
    for (const reply of this.wire.replies(chunk)) {
      const request = this.open.get(reply.correlation);
      this.open.delete(reply.correlation);
      const order = request && this.orderFor(request);
      if (order) process.send?.({ id: order.id } satisfies Swallowed);
      if (order?.lateMs === null) return this.close();
      if (order) this.holdBack(order.lateMs);
      this.pass(request && tellsPorts.has(request.call) ? withPort(reply, request, neighbourPort, ownPort) : reply.bytes);
    }
  }

  private orderFor({ call, client }: Request): (SwallowOrder & { readonly lateMs: number | null }) | undefined {
    const index = orders.findIndex((order) => order.call === call && client.startsWith(order.client));
    return index < 0 ? undefined : orders.splice(index, 1)[0];
  }

  private holdBack(milliseconds: number): void {
    this.held ??= [];
    setTimeout(() => {
      for (const bytes of this.held ?? []) this.here.write(bytes);
      this.held = undefined;
    }, milliseconds);
  }

  private pass(bytes: Reply['bytes']): void {
    if (this.held) this.held.push(bytes);
    else this.here.write(bytes);
  }

  private close(): void {
    this.here.destroy();
    this.there.destroy();
  }
}

process.on('message', (order: SwallowOrder) => { orders.push(order); });
process.on('disconnect', () => process.exit(0));
createServer((socket) => { new Link(socket); }).listen(ownPort, '127.0.0.1', () => process.send?.({ id: 0 } satisfies Swallowed));
