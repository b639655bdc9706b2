/** One event stream for the page. The browser comes back with Last-Event-ID by itself; where it gives up, so do we not. */
import { limits } from './limits';

/** `none`: the session may hear of nothing. */
export type LiveState = 'none' | 'connecting' | 'open' | 'lost';
export type LiveEvent = 'now' | 'status' | 'alert' | 'declaration' | 'figures' | 'reset';
type Listener = (data: unknown) => void;

const events: readonly LiveEvent[] = ['now', 'status', 'alert', 'declaration', 'figures', 'reset'];

export class Live {
  private source: EventSource | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private topics = '';
  private state: LiveState = 'connecting';
  private readonly listeners = new Map<LiveEvent, Set<Listener>>();
  private readonly stateListeners = new Set<(state: LiveState) => void>();

  /** `whenGivenUp`: the stream was refused; perhaps the session has ended. */
  constructor(private readonly whenGivenUp: () => void) {}

  watch(topics: readonly string[]): void {
    const text = topics.join(',');
    if (text === this.topics && this.source) return;
    this.topics = text;
    if (text !== '') return this.open();
    this.close();
    this.say('none');
  }

  on(event: LiveEvent, listener: Listener): () => void {
    const known = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, known.add(listener));
    return () => { known.delete(listener); };
  }

  onState(listener: (state: LiveState) => void): () => void {
    this.stateListeners.add(listener);
    listener(this.state);
    return () => { this.stateListeners.delete(listener); };
  }

  close(): void {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = undefined;
  }

  private open(): void {
    this.close();
    this.say('connecting');
    const source = new EventSource(`/api/v1/stream?topics=${this.topics}`);
    this.source = source;
    source.onopen = () => this.say('open');
    source.onerror = () => this.failed(source);
    for (const event of events) source.addEventListener(event, (message) => this.tell(event, (message as MessageEvent<string>).data));
  }

  private failed(source: EventSource): void {
    this.say('lost');
    if (source.readyState !== EventSource.CLOSED || source !== this.source) return;
    this.whenGivenUp();
    this.retry = setTimeout(() => this.open(), limits.reconnectMs);
  }

  private tell(event: LiveEvent, text: string): void {
    let data: unknown;
    try {
      data = text === '' ? undefined : JSON.parse(text);
    } catch {
      return;
    }
    for (const listener of this.listeners.get(event) ?? []) listener(data);
  }

  private say(state: LiveState): void {
    this.state = state;
    for (const listener of this.stateListeners) listener(state);
  }
}
