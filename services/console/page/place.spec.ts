import { allowedViews, explainedAs, explainedPlace, explainQuery, figurePlace, figureQuery, searchOfView, tokenOf, viewOf, withChanges } from './place';

const otherwise = { period: 'month:2026-03', by: ['office'], measure: 'assessed' };

describe('place', () => {
  it('shows only views that are allowed', () => {
    expect(viewOf('?view=precursors', ['see:now', 'see:precursors'])).toBe('precursors');
    expect(viewOf('?view=precursors', ['see:now'])).toBe('now');
    expect(viewOf('?view=nowhere', ['see:rejects'])).toBe('refusals');
    expect(viewOf('', [])).toBeUndefined();
    expect(allowedViews(['see:figures']).map(({ name }) => name)).toEqual(['revenue', 'statistics']);
  });

  it('changes parts of the address and leaves the rest', () => {
    expect(withChanges('?view=revenue&where=a:1&where=b:2', { where: ['b:2'], sort: '-assessed' })).toBe('?view=revenue&where=b%3A2&sort=-assessed');
    expect(withChanges('?view=now', { view: undefined })).toBe('');
    expect(searchOfView('?view=revenue&period=month:2026-03&lang=fr', 'stream')).toBe('?view=stream&lang=fr');
  });

  it('reads and asks for figures', () => {
    expect(figurePlace('', otherwise)).toMatchObject({ period: 'month:2026-03', by: ['office'], where: [], chart: 'bar', adjustments: false });
    const place = figurePlace('?period=day:2026-03-15&by=office,taxType&where=office:KIN01&where=x&where=list:a:b&chart=treemap&sort=-assessed&adjustments=true', otherwise);
    expect(place).toMatchObject({ by: ['office', 'taxType'], where: [['office', 'KIN01'], ['list', 'a:b']], chart: 'treemap', sort: 'assessed', descending: true, adjustments: true });
    expect(figureQuery(place)).toBe('period=day%3A2026-03-15&by=office%2CtaxType&where=office%3AKIN01&where=list%3Aa%3Ab&adjustments=true');
    expect(figurePlace('?by=none', otherwise).by).toEqual([]);
  });

  it('opens a figure, and asks for the declarations behind it', () => {
    const opened = withChanges('?view=revenue&where=office:KIN01', explainedAs('collected', [['office', 'KIN01'], ['list', 'a:b']]));
    expect(opened).toBe('?view=revenue&where=office%3AKIN01&explain=collected&of=office%3AKIN01&of=list%3Aa%3Ab');
    expect(explainedPlace(opened)).toEqual({ measure: 'collected', of: [['office', 'KIN01'], ['list', 'a:b']], declaration: undefined });
    expect(explainedPlace(`${opened}&declaration=CD-1`)?.declaration).toBe('CD-1');
    expect(withChanges(`${opened}&declaration=CD-1`, explainedAs())).toBe('?view=revenue&where=office%3AKIN01');
    expect(explainedPlace('?view=revenue')).toBeUndefined();
    const place = figurePlace('?period=month:2026-03&where=office:KIN01&where=taxType:CUD', otherwise);
    expect(explainQuery(place, { measure: 'assessed', of: [['office', 'KIN01']] })).toBe('period=month%3A2026-03&where=taxType%3ACUD&where=office%3AKIN01&measure=assessed');
    expect(explainQuery({ period: 'year:2026', where: [] }, { measure: 'items', of: [] }, 'x.25')).toBe('period=year%3A2026&measure=items&after=x.25');
  });

  it('finds the token of a link', () => {
    expect(tokenOf('#token=abc.def')).toBe('abc.def');
    expect(tokenOf('#figures')).toBeUndefined();
  });
});
