/** exactness §22 and §23: what one declaration may cost in the store and on the topics. */
import { createReadStream, existsSync } from 'node:fs';
import { Piece } from '../../services/aggregate/piece';
import { Calendar } from '../../services/domain/period';
import { initialPosition } from '../../services/domain/position';
import { readKcsCsv } from '../../services/feed/kcs-csv';
import { readCubes, readReferenceSet } from '../../services/shell/definition-files';
import { decideStandardize } from '../../services/standardize/decide';
import { limits } from '../../services/limits';
import { accepted, congo, enriched, item, korea, origin, raw } from '../support/declarations';
import { nothingKept } from '../support/kept-facts';
import { sharedData } from '../support/running-system';

jest.setTimeout(60_000);
const MOST_INCREMENTS = 12;
const MOST_PUBLISHED = 0.5;
const cubes = readCubes();

/** Combined over a batch, as the script gets them: many declarations share most cells of coarse grains. */
test('a one-item declaration costs at most 12 combined increments in a batch of a thousand', () => {
  const piece = new Piece(cubes, new Calendar(congo.timeZone), () => 0, initialPosition(0, 0), nothingKept);
  const countries = ['JP', 'DE', 'CN', 'FR', 'ZA', 'BE', 'IN', 'AE'];
  const headings = ['870323', '840734', '220300', '300490', '610910', '851712', '100630', '271012'];
  for (let number = 0; number < 1_000; number++) {
    const at = Date.parse('2026-03-15T08:00:00Z') + number * 3_000;
    const goods = item({ originCountry: countries[number % 8] as string, commodityCode: headings[(number * 7) % 8] as string, taxes: item().taxes });
    piece.add(enriched(raw({ declarationId: `D${number}`, eventId: `D${number}/1`, office: `OFF${number % 12}`, occurredAt: at, acceptedAt: at, items: [goods] }), origin({ offset: number })), number);
  }
  expect(piece.size / 1_000).toBeLessThanOrEqual(MOST_INCREMENTS);
});

const kcs = sharedData('kcs-train.csv');
(existsSync(kcs) ? test : test.skip)('the Korean file: at most 12 increments and half a published cell for each declaration', async () => {
  const calendar = new Calendar(korea.timeZone);
  const reference = readReferenceSet(korea);
  const piece = new Piece(cubes, calendar, () => 0, initialPosition(0, 0), nothingKept);
  let declarations = 0;
  let increments = 0;
  let script = new Piece(cubes, calendar, () => 0, initialPosition(0, 0), nothingKept);
  for await (const { declaration } of readKcsCsv(createReadStream(kcs), calendar)) {
    if (!declaration) continue;
    const at = origin({ offset: declarations++ });
    const outcome = decideStandardize(accepted(declaration, at), reference, korea);
    if (outcome.kind !== 'emit') continue;
    const event = { standardized: { accepted: accepted(declaration, at), definitions: outcome.addition.definitions, codes: outcome.addition.codes, items: outcome.addition.items, payments: outcome.addition.payments }, hits: [] };
    piece.add(event, 0);
    script.add(event, 0);
    if (script.size < limits.incrementsPerScript) continue;
    increments += script.size;
    script = new Piece(cubes, calendar, () => 0, initialPosition(0, 0), nothingKept);
  }
  expect(declarations).toBe(37_385);
  expect((increments + script.size) / declarations).toBeLessThanOrEqual(MOST_INCREMENTS);
  expect(piece.changedText().split('\n').length / declarations).toBeLessThanOrEqual(MOST_PUBLISHED);
});
