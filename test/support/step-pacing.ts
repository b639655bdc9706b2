import type { StepPacing } from '../../services/shell/figure-store';

/** Nothing is waited for. */
export const oneByOne: StepPacing = { untilRoom: async () => undefined, partsAtOnce: () => 1, between: async () => undefined };
export const fourAtOnce: StepPacing = { ...oneByOne, partsAtOnce: () => 4 };
