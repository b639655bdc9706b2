/** A period by its kind and its date, in the time zone of the authority. */
import { usePage } from '../context';
import { periodKeys } from '../moments';

const kinds = ['rolling', 'hour', 'day', 'month', 'quarter', 'year'] as const;
type Kind = (typeof kinds)[number];
const lengths = ['1h', '24h', '7d', '30d'] as const;

export function PeriodPicker({ period, onPeriod }: { readonly period: string; readonly onPeriod: (period: string) => void }) {
  const { t, session } = usePage();
  const colon = period.indexOf(':');
  const [kind, value] = [period.slice(0, colon), period.slice(colon + 1)];
  const keys = { ...periodKeys(Date.now(), session.profile.timeZone), rolling: '24h' };
  return (
    <fieldset class="picker">
      <legend>{t('figures.period')}</legend>
      <select aria-label={t('figures.periodKind')} value={kind} onChange={(event) => { const next = event.currentTarget.value as Kind; onPeriod(`${next}:${keys[next]}`); }}>
        {kinds.map((name) => <option key={name} value={name}>{t(`period.${name}`)}</option>)}
      </select>
      <PeriodValue kind={kind} value={value} onValue={(next) => onPeriod(`${kind}:${next}`)} />
    </fieldset>
  );
}

function PeriodValue({ kind, value, onValue }: { readonly kind: string; readonly value: string; readonly onValue: (value: string) => void }) {
  const { t } = usePage();
  const changed = (event: { readonly currentTarget: { readonly value: string } }): void => { if (event.currentTarget.value !== '') onValue(event.currentTarget.value); };
  const label = t('figures.periodValue');
  if (kind === 'rolling') return <select aria-label={label} value={value} onChange={changed}>{lengths.map((length) => <option key={length} value={length}>{t(`rolling.${length}`)}</option>)}</select>;
  if (kind === 'day') return <input type="date" aria-label={label} value={value} onChange={changed} />;
  if (kind === 'month') return <input type="month" aria-label={label} value={value} placeholder="2026-03" pattern="\d{4}-\d{2}" onChange={changed} />;
  if (kind === 'year') return <input type="number" aria-label={label} value={value} min="1988" max="9999" onChange={changed} />;
  if (kind === 'hour') return <HourValue value={value} onValue={onValue} />;
  return <QuarterValue value={value} onValue={onValue} />;
}

interface ValueProps { readonly value: string; readonly onValue: (value: string) => void }

function HourValue({ value, onValue }: ValueProps) {
  const { t } = usePage();
  const [day = '', hour = '00'] = value.split('T');
  return (
    <>
      <input type="date" aria-label={t('period.day')} value={day} onChange={(event) => { if (event.currentTarget.value !== '') onValue(`${event.currentTarget.value}T${hour}`); }} />
      <select aria-label={t('period.hour')} value={hour} onChange={(event) => onValue(`${day}T${event.currentTarget.value}`)}>
        {Array.from({ length: 24 }, (_, place) => String(place).padStart(2, '0')).map((name) => <option key={name} value={name}>{name}:00</option>)}
      </select>
    </>
  );
}

function QuarterValue({ value, onValue }: ValueProps) {
  const { t } = usePage();
  const [year = '', quarter = 'Q1'] = value.split('-');
  return (
    <>
      <input type="number" aria-label={t('period.year')} value={year} min="1988" max="9999" onChange={(event) => onValue(`${event.currentTarget.value}-${quarter}`)} />
      <select aria-label={t('period.quarter')} value={quarter} onChange={(event) => onValue(`${year}-${event.currentTarget.value}`)}>
        {['Q1', 'Q2', 'Q3', 'Q4'].map((name) => <option key={name} value={name}>{t('figures.quarterName', { quarter: name.slice(1) })}</option>)}
      </select>
    </>
  );
}
