import { auditDetail } from './audit-detail';

describe('what an act came to', () => {
  it('is said in both languages, with its values', () => {
    expect(auditDetail('en', 'redriven sent=3 alike=1 missing=0')).toBe('3 sent again, 1 with the same content as another, 0 gone from the log');
    expect(auditDetail('fr', 'redriven sent=3 alike=1 missing=0')).toBe('3 renvoyés, 1 au contenu identique à un autre, 0 disparus du journal');
    expect(auditDetail('fr', 'held')).toBe('retenue');
    expect(auditDetail('fr', 'used-before')).toBe('jeton déjà utilisé');
  });

  it.each(['', 'sha256:0f', 'The month is provisional: wait', 'toString'])('stands as it was written where the catalogue has no word: %s', (detail) => {
    expect(auditDetail('fr', detail)).toBe(detail);
  });
});
