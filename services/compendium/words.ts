/** The compendium's own words; everything else comes from the tables that run. */
import type { Language } from '../domain/language';

export const words = {
  en: {
    title: 'Compendium of rules, codes and lists', made: 'Made from the tables that run (`npx tidewaiter compendium`). Not edited by hand.',
    profile: 'Authority', system: 'trade system', reference: 'Reference set', rules: 'Rules', rule: 'rule', meaning: 'what it says', applied: 'how it is applied', source: 'source', beyond: 'Not applied.',
    codes: 'Result codes', code: 'code', stage: 'stage', effect: 'effect', refuses: 'refuses', leavesOut: 'leaves out of trade statistics', keepsOut: 'keeps the tax line out of revenue', flags: 'flags', derives: 'marks a derived value',
    evidence: 'Evidence of a precursor match', levels: 'Levels: 1 basket code, 2 own code, 3 corroborated, 4 identified, 5 identified and inconsistent. From level 3 on there is an alert.',
    documents: 'Documents in force', document: 'document', from: 'from', to: 'to', rows: 'rows', ever: 'always',
    procedures: 'Procedures', pattern: 'procedure', general: 'general', strict: 'special, strict', relaxed: 'special, relaxed', counted: 'counted',
    incoterms: 'Delivery terms', incoterm: 'terms', cif: 'import CIF', fob: 'export FOB', asIs: 'as it is', units: 'Units', unit: 'unit', canonical: 'counted in', factor: 'factor', taxes: 'Taxes', deposits: 'deposits and securities', totals: 'totals', nonTax: 'no tax', bases: 'bases',
    lists: 'Watchlists', row: 'row', substance: 'substance', limits: 'limits', own: 'own', basket: 'basket', confidence: 'confidence',
  },
  fr: {
    title: 'Recueil des règles, codes et listes', made: 'Établi à partir des tables en service (`npx tidewaiter compendium --lang fr`). Non modifié à la main.',
    profile: 'Administration', system: 'système commercial', reference: 'Jeu de référence', rules: 'Règles', rule: 'règle', meaning: 'ce qu’elle dit', applied: 'comment elle s’applique', source: 'source', beyond: 'Non appliquée.',
    codes: 'Codes de résultat', code: 'code', stage: 'étape', effect: 'effet', refuses: 'refuse', leavesOut: 'exclut des statistiques du commerce', keepsOut: 'exclut la ligne de taxe des recettes', flags: 'signale', derives: 'marque une valeur dérivée',
    evidence: 'Indices d’une correspondance avec un précurseur', levels: 'Niveaux : 1 code commun, 2 code propre, 3 corroboré, 4 identifié, 5 identifié et discordant. Une alerte est émise dès le niveau 3.',
    documents: 'Documents en vigueur', document: 'document', from: 'du', to: 'au', rows: 'lignes', ever: 'toujours',
    procedures: 'Régimes', pattern: 'régime', general: 'général', strict: 'spécial strict', relaxed: 'spécial assoupli', counted: 'compté',
    incoterms: 'Conditions de livraison', incoterm: 'conditions', cif: 'importation CAF', fob: 'exportation FAB', asIs: 'telle quelle', units: 'Unités', unit: 'unité', canonical: 'comptée en', factor: 'facteur', taxes: 'Taxes', deposits: 'consignations et garanties', totals: 'totaux', nonTax: 'hors taxes', bases: 'bases',
    lists: 'Listes de surveillance', row: 'ligne', substance: 'substance', limits: 'limites', own: 'propre', basket: 'commun', confidence: 'confiance',
  },
} as const satisfies Readonly<Record<Language, Readonly<Record<string, string>>>>;

/** How sure a row of the built-in lists is, in French. */
export const confidences: Readonly<Record<string, string>> = {
  'confirmed': 'confirmé',
  'confirmed; CAS number from a secondary source': 'confirmé ; numéro CAS d’une source secondaire',
  'to be checked; no CAS number published, matched by name': 'à vérifier ; aucun numéro CAS publié, recherche par le nom',
  'HS code confirmed by one customs administration; no CAS number published': 'code SH confirmé par une administration douanière ; aucun numéro CAS publié',
  'to be checked; CAS number from a secondary source': 'à vérifier ; numéro CAS d’une source secondaire',
  'to be checked; CAS number from two secondary sources': 'à vérifier ; numéro CAS de deux sources secondaires',
  'confirmed; may be met under other subheadings of the heading too': 'confirmé ; peut se trouver sous d’autres sous-positions de la position',
  'confirmed for powder and flakes; paste to be checked': 'confirmé pour poudre et paillettes ; pâte à vérifier',
  'to be checked; traders use either code': 'à vérifier ; les déclarants emploient l’un ou l’autre code',
  'to be checked; membership from general knowledge': 'à vérifier ; appartenance à la liste non confirmée',
  'confirmed; CAS number known by its check digit alone': 'confirmé ; numéro CAS vérifié par sa seule clé',
  'confirmed; named by the text of the HS': 'confirmé ; nommé par le texte du SH',
};
