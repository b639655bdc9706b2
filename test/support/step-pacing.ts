import type { StepPacing } from '../../services/shell/figure-store';

/** Nothing is waited for. */
export const atOnce: StepPacing = { untilRoom: async () => undefined, between: async () => undefined };
