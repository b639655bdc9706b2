/** Officers read English or French. */
export const languages = ['en', 'fr'] as const;
export type Language = (typeof languages)[number];
