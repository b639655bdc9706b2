/** As the limits of the console's page have them (services/console/page/limits.spec.ts), which is built for browsers alone. */
export const REFRESH_MS = 500;
export const SERIES_EVERY_MS = 30_000;
export const SERIES_AT_ONCE = 4;
