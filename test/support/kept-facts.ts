import type { KeptFacts } from '../../services/domain/facts';
import { avroType } from '../../services/shell/avro/codec';
import { ledgerSchema } from '../../services/shell/avro/schema-files';
import { LedgerEntries } from '../../services/shell/ledger-entries';

export const ledgerEntries = new LedgerEntries(avroType(ledgerSchema()));
export const nothingKept: KeptFacts = ledgerEntries.keptBy(() => undefined);
