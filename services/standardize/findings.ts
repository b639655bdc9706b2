import type { Refusal } from '../domain/outcome';
import type { ResultCode } from '../domain/result-codes';

const none: readonly ResultCode[] = [];

/** What the rules find in one item (or in the declaration as a whole): refusals with their place, and codes that travel on. */
export class Findings {
  private list: ResultCode[] | undefined;
  constructor(private readonly at: string, private readonly refusals: Refusal[]) {}

  refuse(code: ResultCode, field: string, message: string): void {
    this.refusals.push({ code, field: this.at === '' ? field : `${this.at}.${field}`, message });
  }
  flag(code: ResultCode): void {
    if (!this.list) this.list = [code];
    else if (!this.list.includes(code)) this.list.push(code);
  }
  get codes(): readonly ResultCode[] { return this.list ?? none; }
}
