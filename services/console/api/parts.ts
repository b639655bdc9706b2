/** What the routes need of the console: made by console.ts, by hand in tests. */
import type { AlertBook } from '../../alerts/alert-book';
import type { ReferenceCatalogue } from '../../reference/catalogue';
import type { Profile } from '../../reference/types';
import type { RefusalBook } from '../../redrive/refusal-book';
import type { LogInspector, SchemaSource } from '../../shell/ports';
import type { ServiceState } from '../../shell/service-state';
import type { LocalTokens } from '../access/local-tokens';
import type { OpenIdConnect } from '../access/openid-connect';
import type { Sessions } from '../access/sessions';
import type { Acts } from '../acts';
import type { AuditBook } from '../live/audit-book';
import type { Explanations } from '../live/explanations';
import type { Figures } from '../live/figures';
import type { Fresh } from '../live/fresh';
import type { ConsoleStatus } from '../live/live-status';
import type { Months } from '../live/months';
import type { NowReport } from '../live/now';
import type { Pages } from '../live/pages';
import type { Texts } from '../texts';

export interface LoadedReference { readonly catalogue: ReferenceCatalogue; readonly loadedAt: ReadonlyMap<string, number> }

export interface ConsoleParts {
  readonly profile: Profile;
  readonly tokens: LocalTokens;
  readonly sessions: Sessions;
  readonly oidc: OpenIdConnect | undefined;
  /** Cookies go over TLS alone. */
  readonly secure: boolean;
  /** Addresses and networks of proxies whose word on the browser's address is taken. */
  readonly proxies: readonly string[];
  readonly texts: Texts;
  readonly figures: Figures;
  readonly explanations: Explanations;
  readonly months: Months;
  readonly now: Fresh<NowReport>;
  readonly status: Fresh<ConsoleStatus>;
  readonly pages: Pages;
  readonly alerts: AlertBook;
  readonly refusals: RefusalBook;
  readonly audit: AuditBook;
  readonly reference: LoadedReference;
  readonly acts: Acts;
  readonly registry: SchemaSource;
  readonly inspector: () => Promise<LogInspector>;
  /** What does not answer or is not read to its end yet, in words; empty: ready. */
  readonly notReady: () => Promise<readonly string[]>;
  /** What the console says of itself. */
  readonly said: () => ServiceState;
  /** Whether lists have been read from their topics. */
  readonly listsRead: () => boolean;
  readonly nowMs: () => number;
  /** Folder of the built page; undefined: there is none. */
  readonly pageFolder: string | undefined;
}
