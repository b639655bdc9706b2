/**
 * A stream without end over declarations that do not become more: the same events again and again, each lap as the next
 * versions of its declarations. What a store must keep stays the same, so that memory that grows is memory that leaks.
 */
import { readNdjsonLine } from '../../services/feed/ndjson';
import { emptyTally, generate, type GenerateOptions, type MadeEvent } from '../../services/generate/generate';
import type { RawDeclaration } from '../../services/domain/declaration';

export interface LapEvent extends MadeEvent { readonly declaration: RawDeclaration; /** Versions that one lap gives the declaration. */ readonly versions: number }

/** In the order of the first lap. What must be refused stays as it is: it is refused in every lap. */
export function firstLap(options: GenerateOptions): readonly LapEvent[] {
  const made = new Map<string, { readonly event: MadeEvent; readonly versions: number }>();
  const lines = [...generate(options, emptyTally(), (events) => {
    const versions = Math.max(...events.map(({ line }) => read(line).version));
    for (const event of events) made.set(event.line, { event, versions });
  })];
  return lines.map((line) => {
    const { event, versions } = made.get(line) as { event: MadeEvent; versions: number };
    return { ...event, versions, declaration: read(line) };
  });
}

/** The event as a later lap sends it; lap 0 is the first. */
export function inLap(event: LapEvent, lap: number): RawDeclaration {
  const { declaration, versions, fault } = event;
  return fault || lap === 0 ? declaration : { ...declaration, version: declaration.version + lap * versions, eventId: `${declaration.eventId}/${lap}` };
}

/** The same as a line, for the recount. */
export function lineInLap({ line, versions, fault }: MadeEvent & { readonly versions: number }, lap: number): MadeEvent {
  if (fault || lap === 0) return { line, fault };
  const event = JSON.parse(line) as { version: number; eventId: string };
  return { line: JSON.stringify({ ...event, version: event.version + lap * versions, eventId: `${event.eventId}/${lap}` }), fault };
}

function read(line: string): RawDeclaration {
  const declaration = readNdjsonLine(line, 1)?.declaration;
  if (!declaration) throw new Error(`the generator wrote a line that cannot be read: ${line}`);
  return declaration;
}
