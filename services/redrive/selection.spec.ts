import { chosen, type RedriveCandidate } from './selection';

const refusal = (offset: number, code: string, timestamp: number, partition = 0): RedriveCandidate => ({ rejectId: `standardize-${partition}-${offset}`, origin: { partition, offset, timestamp }, stage: 'standardize', code, codes: [code, 'E-OTHER'], declarationId: `D${offset}` });
const all = [refusal(7, 'E-VAL-NO-RATE', 300), refusal(3, 'E-HS-UNKNOWN', 100), refusal(3, 'E-HS-UNKNOWN', 100), refusal(3, 'E-VAL-NO-RATE', 200, 1)];
const ids = (...choice: Parameters<typeof chosen>[1][]): string[] => choice.flatMap((one) => chosen(all, one).map(({ rejectId }) => rejectId));

test('each raw record once, in the order of arrival', () => { expect(ids({})).toEqual(['standardize-0-3', 'standardize-1-3', 'standardize-0-7']); });
test('by any code that the refusal has', () => { expect([ids({ code: 'E-VAL-NO-RATE' }).length, ids({ code: 'E-OTHER' }).length, ids({ code: 'E-NONE' }).length]).toEqual([2, 3, 0]); });
test('from a moment on, and before another one', () => { expect(ids({ sinceMs: 200, untilMs: 300 })).toEqual(['standardize-1-3']); });
test('by id, and only what all of it says', () => { expect(ids({ ids: ['standardize-0-7', 'standardize-0-3'], code: 'E-HS-UNKNOWN' })).toEqual(['standardize-0-3']); });
