/** `compendium`: every rule, code and list row with its source, as Markdown. */
import { Command, Option } from 'commander';
import { compendium } from '../../compendium/compendium';
import { languages, type Language } from '../../domain/language';
import { documentName } from '../../reference/documents';
import { readConfig } from '../../shell/config';
import { readCatalogue, readProfile } from '../../shell/definition-files';
import { inForceAt } from '../../reference/in-force';
import { loadedCatalogue } from '../loaded-reference';
import { withNeighbours } from '../neighbours';
import { print } from '../output';

export function compendiumCommand(): Command {
  return new Command('compendium')
    .description('every rule, code and list row in force, with its source, as Markdown')
    .addOption(new Option('--lang <language>', 'language').choices(languages).default('en'))
    .option('--built-in', 'without what was loaded; needs no broker')
    .addHelpText('after', `
Examples:
  tidewaiter compendium --lang fr > recueil.md
  tidewaiter compendium --built-in`)
    .action(run);
}

async function run({ lang, builtIn }: { lang: Language; builtIn?: true }): Promise<void> {
  const config = readConfig();
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  const catalogue = builtIn ? readCatalogue(profile) : await withNeighbours(config, (neighbours) => loadedCatalogue(neighbours, profile));
  const all = catalogue.documents().map(({ document }) => document);
  const today = inForceAt(all, profile, Date.now());
  print(compendium({ documents: all.filter((document) => today.has(documentName(document))), profile, referenceSet: catalogue.latest.digest }, lang).trimEnd());
}
