/** Every rule, code and list row with its source, as Markdown in one language: made of the tables that run. Pure. */
import type { Language } from '../domain/language';
import { resultCodes } from '../domain/result-codes';
import { rules, type Rule } from '../domain/rules';
import { documentName, rowCount, type DocumentOf, type ReferenceDocument } from '../reference/documents';
import type { Profile } from '../reference/types';
import { evidenceKinds } from '../screening/evidence';
import { confidences, words } from './words';

type Row = readonly string[];

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const table = (head: Row, rows: readonly Row[]): string => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

export interface CompendiumContent { readonly documents: readonly ReferenceDocument[]; readonly profile: Profile; readonly referenceSet: string }

/** `documents`: those in force, one of each id (rates: every version). */
export function compendium({ documents, profile, referenceSet }: CompendiumContent, language: Language): string {
  const word = words[language];
  const pack = documents.find((document): document is DocumentOf<'pack'> => document.kind === 'pack' && document.id === profile.definitions);
  const sections = [
    `# ${word.title}\n\n${word.made}\n\n${word.profile} ${profile.id}, ${profile.currency}, ${profile.timeZone}; ${word.system}: ${profile.tradeSystem}. ${word.reference} \`${referenceSet}\`.`,
    `## ${word.rules}\n\n${ruleTable(language)}`,
    `## ${word.codes}\n\n${codeTable(language)}`,
    `## ${word.evidence}\n\n${word.levels}\n\n${table([word.code, word.meaning], Object.entries(evidenceKinds).map(([kind, text]) => [`\`${kind}\``, text[language]]))}`,
    `## ${word.documents}\n\n${table([word.document, word.from, word.to, word.rows, word.source], documents.map((document) => [`${document.kind} \`${documentName(document)}\``, document.validFrom ?? word.ever, document.validTo ?? word.ever, String(rowCount(document)), document.source]))}`,
    ...(pack ? packSections(pack, profile, language) : []),
    ...documents.filter((document): document is DocumentOf<'watchlist'> => document.kind === 'watchlist').map((list) => listSection(list, language)),
  ];
  return `${sections.join('\n\n')}\n`;
}

function ruleTable(language: Language): string {
  const word = words[language];
  const rows = Object.entries<Rule>(rules).map(([id, rule]): Row => {
    const codes = Object.entries(resultCodes).filter(([, code]) => code.rule === id).map(([code]) => `\`${code}\``).join(' ');
    const applied = rule.beyond ? `${word.beyond} ${rule.beyond[language]}` : [codes, rule.by?.[language] ?? ''].filter((text) => text !== '').join('; ');
    return [id, rule[language], applied, rule.source];
  });
  return table([word.rule, word.meaning, word.applied, word.source], rows);
}

function codeTable(language: Language): string {
  const word = words[language];
  const effectOf = (code: string): string => (code.startsWith('E-') ? word.refuses : code.startsWith('X-REV-') ? word.keepsOut : code.startsWith('X-') ? word.leavesOut : code.startsWith('W-') ? word.flags : word.derives);
  return table([word.code, word.stage, word.effect, word.meaning, word.rule], Object.entries(resultCodes).map(([code, row]) => [`\`${code}\``, row.stage, effectOf(code), row[language], row.rule]));
}

function packSections(pack: DocumentOf<'pack'>, profile: Profile, language: Language): string[] {
  const word = words[language];
  const verdict = (text: string): string => (text === 'count' ? word.counted : `\`${text}\``);
  const steps = (list: readonly string[]): string => (list.length === 0 ? word.asIs : list.join(' '));
  const overrides = Object.entries(profile.procedureOverrides).map(([procedure, text]): Row => [`${procedure} (${profile.id})`, verdict(text), verdict(text), verdict(text), '', '']);
  return [
    `## ${word.procedures}\n\n${table([word.pattern, word.general, word.strict, word.relaxed, 'CPC', word.meaning], [...overrides, ...pack.procedures.map((row): Row => [row.pattern, verdict(row.general), verdict(row['special-strict']), verdict(row['special-relaxed']), row.cpc, row.meaning])])}`,
    `## ${word.incoterms}\n\n${table([word.incoterm, word.cif, word.fob], pack.incoterms.map(({ code, importCif, exportFob }) => [code, steps(importCif), steps(exportFob)]))}`,
    `## ${word.units}\n\n${table([word.unit, word.canonical, word.factor], pack.units.map(({ code, canonical, numerator, denominator }) => [code, canonical, denominator === '1' ? numerator : `${numerator}/${denominator}`]))}`,
    `## ${word.taxes}\n\n- ${word.deposits}: ${profile.depositTaxTypes.join(', ')}\n- ${word.totals}: ${pack.taxes.total.join(', ')}\n- ${word.nonTax}: ${pack.taxes.nonTax.join(', ')}\n- ${word.bases}: ${pack.baseChains.map(({ tax, adds }) => `${tax} ← ${['VAL', ...adds].join(' + ')}`).join('; ')}`,
  ];
}

function listSection(list: DocumentOf<'watchlist'>, language: Language): string {
  const word = words[language];
  const rows = list.rows.map((row): Row => {
    const codes = [...new Set(row.hs.map(({ code, kind, edition }) => `${code} (${kind === 'own' ? word.own : word.basket}, HS ${edition})`))].join(', ');
    const limits = [row.concentrationLimitPercent === null ? '' : `≤ ${row.concentrationLimitPercent} %`, row.thresholdKg === null ? '' : `> ${row.thresholdKg} kg`].filter((text) => text !== '').join(', ');
    return [row.rowId, [row.substance, ...row.synonyms].join('; '), row.cas.join(', '), codes, limits, row.validFrom ?? list.validFrom ?? word.ever, confidenceIn(row.status, language), row.source ?? list.source];
  });
  return `## ${word.lists}: ${documentName(list)}\n\n${list.source}\n\n${table([word.row, word.substance, 'CAS', 'HS', word.limits, word.from, word.confidence, word.source], rows)}`;
}

/** As the list says it where it is none of the built-in lists' own. */
const confidenceIn = (status: string, language: Language): string => (language === 'fr' ? (confidences[status] ?? status) : status);
