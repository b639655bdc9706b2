import type { AcceptedDeclaration, RawDeclaration } from '../domain/declaration';
import type { Purpose } from '../shell/pseudonym';
import type { Stage } from '../shell/stage';
import { upstreamStages } from '../topology';
import { decideIngest } from './decide';

export function ingestStage(pseudonymise: (purpose: Purpose, id: string) => string): Stage<RawDeclaration, AcceptedDeclaration> {
  return {
    declaration: upstreamStages.ingest,
    unread: [],
    output: 'replaces',
    decide: (declaration, origin) => decideIngest(declaration, origin, pseudonymise),
    originOf: () => undefined,
    identityOf: ({ declarationId, version, office, occurredAt }) => ({ declarationId, version, office, occurredAt }),
    referenceSet: '',
  };
}
