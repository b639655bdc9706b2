/** The authority that a deployment serves: one file of schemas/profiles, checked when it is read. */
import { z } from 'zod';
import { ReferenceFault } from './documents';

/** SYS.01: one system for all published series. */
const tradeSystem = z.enum(['general', 'special-strict', 'special-relaxed'], { error: 'must be one of general, special-strict, special-relaxed: a deployment records under one trade system (E-SYS-MIXED)' });

const profileSchema = z.strictObject({
  id: z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters'),
  reporter: z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 code'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code'),
  minorUnits: z.number().int().min(0).max(4),
  timeZone: z.string().refine((zone) => { try { return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined; } catch { return false; } }, 'must be a time zone such as Africa/Kinshasa'),
  tradeSystem,
  /** Id of the definition pack. */
  definitions: z.string(),
  languages: z.array(z.enum(['en', 'fr'])).min(1),
  /** National verdicts before the pack's: procedure → 'count' or an X- code. */
  procedureOverrides: z.record(z.string().regex(/^\d{4}$/, 'must be four digits'), z.string().regex(/^(count|X-[A-Z-]+)$/, 'must be "count" or an X- code')),
  depositTaxTypes: z.array(z.string()),
  /** How long after its end a period stays open for late events. */
  finalGraceMinutes: z.number().int().min(0),
  /** Items of a smaller statistical value are left out (COV.06); home currency, null: none. */
  statisticalThreshold: z.string().regex(/^\d{1,15}(\.\d{1,4})?$/, 'must be an amount such as 1000').nullable(),
});

export type Profile = Readonly<z.infer<typeof profileSchema>>;
export type TradeSystem = Profile['tradeSystem'];

/** @throws ReferenceFault that names every field at fault. */
export function parseProfile(content: unknown): Profile {
  const parsed = profileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new ReferenceFault(parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the profile'} ${issue.message}`).join('; '));
}
