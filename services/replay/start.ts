import { noNamespaces, type NamespaceDirectory } from '../domain/namespace-directory';
import { ConfigurationError } from '../shell/config';
import { readCatalogue, readProfile } from '../shell/definition-files';
import { isNamespaceKind, withRecord } from '../shell/namespace-events';
import { documentOf } from '../shell/reference-records';
import { ReferenceTail } from '../shell/reference-tail';
import type { ServiceContext, StartService } from '../shell/service';
import { referencesAgain } from './namespace-reference';
import { startFeed } from './start-feed';

/** Counts into one namespace of the directory. @throws ConfigurationError when it is not there, or cannot be made as it was begun. */
export const startReplay = (name: string): StartService => async (context) => {
  const profile = readProfile(context.config.TIDEWAITER_PROFILE);
  const catalogue = readCatalogue(profile);
  const directory = await readOnce(context, (document) => catalogue.add(document));
  const manifest = directory.namespaces[name];
  if (!manifest) throw new ConfigurationError(`there is no namespace ${name}: "tidewaiter replay run ${name}" makes one`);
  const found = referencesAgain(manifest, catalogue, profile);
  if ('why' in found) throw new ConfigurationError(found.why);
  return startFeed(context, manifest, profile, found.references);
};

/** The topic of reference data as it is now: documents, and the directory of namespaces. */
async function readOnce({ neighbours, logger, state, untilReady }: ServiceContext, onDocument: (document: unknown) => void): Promise<NamespaceDirectory> {
  let directory = noNamespaces;
  const tail = await untilReady('kafka', () => ReferenceTail.start(neighbours.log(), neighbours.registry(), logger, state.onTrouble, (record, offset) => {
    directory = withRecord(directory, record, offset);
    if (!isNamespaceKind(record.kind)) onDocument(documentOf(record));
  }));
  await tail.stop();
  return directory;
}
