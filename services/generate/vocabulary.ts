/**
 * The words of synthetic declarations: offices, countries, goods. Shares are invented; their shapes (a few
 * large offices, a long tail of goods and partners) follow published trade figures.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import type { Profile } from '../reference/types';
import { projectRoot } from '../shell/project-root';
import { shuffled, weighted, zipf, type Random, type Weighted } from './random';

interface ReferenceFile { readonly rows: readonly unknown[]; readonly validFrom: string | null }
export const readReference = (name: string): ReferenceFile =>
  JSON.parse(readFileSync(join(projectRoot(), 'schemas', 'reference', `${name}.json`), 'utf8')) as ReferenceFile;

const offices: Readonly<Record<string, readonly string[]>> = {
  CD: ['MATAD', 'KASUM', 'KINND', 'LUBAI', 'BOMA1', 'GOMA1', 'BUKAV', 'KINLI', 'KIPUS', 'UVIRA', 'MOKAM', 'BUNAG', 'KOLWE', 'LIKAS', 'BANAN', 'KASIN', 'LUFUR', 'ARU01', 'MAHAG', 'KALEM', 'MOBA1', 'KISAN', 'BENI1', 'BUTEM', 'TSHIK', 'MBUJI', 'KANAN', 'DILOL', 'KAMAN', 'ZONGO', 'GBADO', 'MBAND', 'BUMBA', 'ISIRO', 'BUNIA', 'KINDU', 'KIKWI', 'TSHEL', 'LUOZI', 'KASEN'],
  KR: ['BUSAN', 'INCAP', 'INCSE', 'SEOUL', 'PYEON', 'GWANG', 'ULSAN', 'DAEGU', 'YANGS', 'GIMPO', 'SUWON', 'ANYAN', 'CHEON', 'MASAN', 'GEOJE', 'CHANG', 'YEOSU', 'MOKPO', 'GUNSA', 'JEONJ', 'JEJU1', 'POHAN', 'GUMI1', 'SOKCH', 'DONGH', 'WONJU', 'CHUNC', 'DAEJE', 'CHEOJ', 'DAESA', 'ANSAN', 'PAJU1', 'UIJEO', 'YONGD', 'GIMHA', 'JINJU', 'SACHE', 'TONGY', 'GWAYA', 'BUSPO'],
};
const leadingPartners: Readonly<Record<string, readonly string[]>> = {
  CD: ['CN', 'ZA', 'ZM', 'BE', 'IN', 'FR', 'TZ', 'AE', 'KE', 'US', 'RW', 'UG', 'TR', 'DE', 'JP', 'NL', 'BR', 'IT'],
  KR: ['CN', 'US', 'JP', 'VN', 'AU', 'DE', 'TW', 'SA', 'ID', 'MY', 'SG', 'QA', 'RU', 'IT', 'FR', 'TH', 'GB', 'IN'],
};
const leadingHeadings = ['8703', '2710', '3004', '8517', '1006', '8471', '8704', '1905', '3923', '7210', '8429', '6309', '0303', '1511', '1701', '2523', '8431', '4011', '3304', '8708', '2203', '2402', '2922', '3808', '9403'];
const exportHeadings = ['7402', '7403', '8105', '2603', '2605', '2709', '4403', '1801', '0901', '8542', '8703', '8901', '2822', '7102', '4407', '2616'];

/** By chapter; chapters without a row have a plain text. Written so that no text names a listed substance. */
const goods: Readonly<Record<string, readonly string[]>> = {
  '03': ['frozen mackerel', 'chinchards congelés entiers'], '10': ['long grain rice, 5 % broken', 'riz blanchi en sacs de 25 kg'], '15': ['huile de palme raffinée', 'refined palm olein'],
  '17': ['sucre blanc cristallisé', 'refined sugar'], '22': ['beer in bottles', 'whisky, 70 cl'], '24': ['cigarettes with filter'], '25': ['ciment portland gris, 42.5', 'clinker'],
  '26': ['concentrés de cuivre', 'cobalt concentrate'], '27': ['diesel fuel, 10 ppm', 'essence sans plomb 95'], '30': ['médicaments, comprimés 500 mg', 'vaccines in vials'], '39': ['sacs en polyéthylène', 'plastic tubes, rigid'],
  '63': ['friperie, balles de 45 kg', 'worn clothing'], '72': ['tôles galvanisées', 'steel coils'], '74': ['cathodes de cuivre', 'copper wire, 8 mm'], '81': ['cobalt cathodes'],
  '84': ['pompes centrifuges', 'laptop computers', 'pièces pour engins de chantier'], '85': ['mobile telephones', 'panneaux solaires 400 W', 'câbles électriques'], '87': ['véhicule d’occasion, diesel', 'passenger car, 1,500 cm3', 'pièces détachées'],
};
export const descriptionsOf = (chapter: string): readonly string[] => goods[chapter] ?? ['marchandises diverses', 'goods as per invoice'];

export interface Vocabulary {
  readonly offices: Weighted<string>;
  readonly partners: Weighted<string>;
  readonly importHeadings: (atMs: number) => Weighted<string>;
  readonly exportHeadings: (atMs: number) => Weighted<string>;
  /** Subheading digits, the commonest first. */
  readonly subheadings: Weighted<string>;
  readonly traders: Weighted<number>;
  readonly itemCounts: Weighted<number>;
}

/** Versions of a declaration may lie on both sides of a change of edition: so near to it only common headings are used. */
const NEAR_CHANGE_MS = 90 * 86_400_000;

/** `random` decides the order of the tails. */
export function vocabularyOf(profile: Profile, random: Random): Vocabulary {
  const hs2022 = readReference('hs-headings-2022');
  const hs2022FromMs = DateTime.fromISO(hs2022.validFrom ?? '', { zone: profile.timeZone }).toMillis();
  const countries = (readReference('countries').rows as { code: string; validFrom: string | null; validTo: string | null }[])
    .filter(({ validFrom, validTo }) => validFrom === null && validTo === null).map(({ code }) => code);
  const leading = leadingPartners[profile.id] ?? [];
  const tail = shuffled(countries.filter((code) => code !== profile.reporter && !leading.includes(code)), random);
  const [rows2017, rows2022] = [readReference('hs-headings-2017').rows as string[], hs2022.rows as string[]];
  const editions = [rows2017, rows2017.filter((row) => rows2022.includes(row)), rows2022];
  const byFlow = (head: readonly string[]): ((atMs: number) => Weighted<string>) => {
    const [before, near, after] = editions.map((rows) => zipf([...head, ...shuffled(rows.filter((row) => !head.includes(row)), random)], 0.9)) as [Weighted<string>, Weighted<string>, Weighted<string>];
    return (atMs) => (Math.abs(atMs - hs2022FromMs) < NEAR_CHANGE_MS ? near : atMs < hs2022FromMs ? before : after);
  };
  return {
    offices: zipf(offices[profile.id] ?? offices['CD'] as readonly string[], 1),
    partners: zipf([...leading, ...tail], 1.1),
    importHeadings: byFlow(leadingHeadings), exportHeadings: byFlow(exportHeadings),
    subheadings: zipf(['10', '90', '20', '30', '99', '11', '19', '40', '21', '29', '50', '80', '31', '39', '60', '91'], 1),
    traders: zipf(Array.from({ length: 5_000 }, (_, index) => index + 1), 0.8),
    itemCounts: weighted([[1, 62], [2, 20], [3, 8], [4, 4], [5, 2], [6, 2], [7, 1], [8, 1]]),
  };
}
