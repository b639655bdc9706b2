/** Refusals as lists ask for them: heads alone, with the place of the whole record. The newest so many are kept. */
import { dropOldest, pageBehind } from '../domain/kept-list';
import { rejectList, shownReject, type RejectHead, type ShownReject } from './reject-list';

export interface RefusalFilter { readonly stage?: string; readonly code?: string }
export interface RefusalPage { readonly rejects: readonly ShownReject[]; readonly next: string | null; readonly counts: readonly { readonly stage: string; readonly code: string; readonly count: number }[] }
/** Where the refusal lies in the rejected topic. */
export interface RefusalPlace { readonly partition: number; readonly offset: number }

export class RefusalBook {
  private readonly heads = new Map<string, { readonly head: RejectHead; readonly place: RefusalPlace }>();
  private list: readonly ShownReject[] | undefined;

  constructor(private readonly most: number) {}

  add(head: RejectHead, place: RefusalPlace): void {
    this.heads.set(head.rejectId, { head, place });
    this.list = undefined;
    dropOldest(this.heads, this.most);
  }

  all(): RejectHead[] { return [...this.heads.values()].map(({ head }) => head); }

  one(rejectId: string): { readonly reject: ShownReject; readonly place: RefusalPlace } | undefined {
    const found = this.heads.get(rejectId);
    return found && { reject: shownReject(found.head), place: found.place };
  }

  /** Newest first, those behind `before` (a rejectId); undefined when it is in no such list. Counts are of all that are kept. */
  page({ stage, code }: RefusalFilter, limit: number, before: string | undefined): RefusalPage | undefined {
    this.list ??= rejectList(this.all()).reverse();
    const listed = this.list.filter((reject) => (stage ?? reject.stage) === reject.stage && (code === undefined || reject.codes.includes(code)));
    const page = pageBehind(listed, ({ rejectId }) => rejectId, limit, before);
    return page && { rejects: page.entries, next: page.next, counts: this.counts(this.list) };
  }

  private counts(list: readonly ShownReject[]): RefusalPage['counts'] {
    const counted = new Map<string, { stage: string; code: string; count: number }>();
    for (const { stage, code } of list) {
      const entry = counted.get(`${stage}\0${code}`) ?? { stage, code, count: 0 };
      entry.count++;
      counted.set(`${stage}\0${code}`, entry);
    }
    return [...counted.values()].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
  }
}
