import { REFRESH_MS, SERIES_AT_ONCE, SERIES_EVERY_MS } from '../../../test/bench/pages/pace';
import { limits } from './limits';

it('the pages of the bench ask at the pace of this one', () => {
  expect({ refreshMs: REFRESH_MS, seriesRefreshMs: SERIES_EVERY_MS, seriesAtOnce: SERIES_AT_ONCE }).toEqual({ refreshMs: limits.refreshMs, seriesRefreshMs: limits.seriesRefreshMs, seriesAtOnce: limits.seriesAtOnce });
});
