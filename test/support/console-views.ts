/** The views of the console as tests walk them: their names in both languages, and what has to be there before one counts as drawn. */
export const views = ['now', 'revenue', 'statistics', 'periods', 'precursors', 'stream', 'refusals', 'audit'] as const;
export const languages = ['en', 'fr'] as const;
export type WalkedLanguage = (typeof languages)[number];
export const sizes = { desk: { width: 1280, height: 800 }, wall: { width: 1920, height: 1080 }, phone: { width: 390, height: 844 } } as const;
export type Size = keyof typeof sizes;
export const headings = {
  en: { now: 'Now', revenue: 'Revenue', statistics: 'Statistics', periods: 'Periods', precursors: 'Precursors', stream: 'Stream', refusals: 'Refusals', audit: 'Audit log' },
  fr: { now: 'En direct', revenue: 'Recettes', statistics: 'Statistiques', periods: 'Périodes', precursors: 'Précurseurs', stream: 'Flux', refusals: 'Refus', audit: 'Journal des actes' },
} as const;
export const drawnBy = { now: '.tiles .figure', revenue: '.figures tbody tr', statistics: '.figures tbody tr', periods: '.queue tbody tr', precursors: '.queue tbody tr', stream: '.tail-rows tbody th', refusals: '.queue tbody tr', audit: '.queue tbody tr' } as const;
