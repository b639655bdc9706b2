/** What passes by right now: can be stopped to be read, and says what it could not show. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLive, usePage } from '../context';
import type { TailRow } from '../contract';
import { limits } from '../limits';
import { Ring, type RingView } from '../ring';
import { matchesFilter } from '../tail-filter';

interface Drawn extends RingView<TailRow> { readonly unseen: number }

/** Collects always, draws a few times a second, and not at all while paused. */
function useTail(paused: boolean): readonly [Drawn, number, () => void] {
  const ring = useRef(new Ring<TailRow>(limits.tailRows));
  const dropped = useRef(0);
  const arrived = useRef(0);
  const drawnAt = useRef(0);
  const [drawn, setDrawn] = useState<Drawn>({ rows: [], pushedOut: 0, unseen: 0 });
  useLive<TailRow>('declaration', (row) => {
    ring.current.add(row);
    arrived.current++;
    dropped.current += row.dropped ?? 0;
  });
  useEffect(() => {
    const timer = setInterval(() => {
      const unseen = arrived.current - drawnAt.current;
      if (unseen === 0) return;
      if (paused) return setDrawn((before) => ({ ...before, unseen }));
      drawnAt.current = arrived.current;
      setDrawn({ ...ring.current.view(), unseen: 0 });
    }, limits.tailDrawMs);
    return () => clearInterval(timer);
  }, [paused]);
  const clear = (): void => {
    ring.current.clear();
    dropped.current = 0;
    drawnAt.current = arrived.current;
    setDrawn({ rows: [], pushedOut: 0, unseen: 0 });
  };
  return [drawn, dropped.current, clear];
}

export function Tail() {
  const { t, count, search, go } = usePage();
  const [paused, setPaused] = useState(false);
  const [drawn, dropped, clear] = useTail(paused);
  const filter = new URLSearchParams(search).get('filter') ?? '';
  const rows = drawn.rows.filter((row) => matchesFilter(row, filter));
  return (
    <section class="tail" aria-labelledby="tail-title">
      <div class="title-row">
        <h2 id="tail-title">{t('tail.title')}</h2>
        <div class="tools">
          <button type="button" aria-pressed={paused} onClick={() => setPaused(!paused)}>{t(paused ? 'tail.resume' : 'tail.pause')}</button>
          <input type="search" aria-label={t('tail.filter')} placeholder={t('tail.filter')} value={filter} onInput={(event) => go({ filter: event.currentTarget.value }, 'replace')} />
          <button type="button" onClick={clear}>{t('tail.clear')}</button>
        </div>
      </div>
      <p class="line small quiet">
        <span>{t('tail.shown', { count: count(rows.length), size: count(limits.tailRows) })}</span>
        <span>{t('tail.pushedOut', { count: count(drawn.pushedOut) })}</span>
        <span>{t('tail.dropped', { count: count(dropped) })}</span>
        {paused && <strong>{t('tail.waiting', { count: count(drawn.unseen) })}</strong>}
      </p>
      <div class="scroll tail-rows" tabIndex={0} role="group" aria-labelledby="tail-title">
        <TailTable rows={rows} />
      </div>
    </section>
  );
}

function TailTable({ rows }: { readonly rows: readonly TailRow[] }) {
  const { t, session } = usePage();
  return (
    <table>
      <thead><tr>
        <th scope="col">{t('tail.at')}</th><th scope="col">{t('tail.declaration')}</th><th scope="col">{t('tail.status')}</th><th scope="col">{t('dimension.office')}</th><th scope="col">{t('dimension.flow')}</th>
        <th scope="col">{t('dimension.procedure')}</th><th scope="col">{t('dimension.partner')}</th><th scope="col">{t('dimension.hs6')}</th><th scope="col" class="number">{t('tail.invoice')}</th><th scope="col" class="number">{t('measure.assessed')} {session.profile.currency}</th>
      </tr></thead>
      <tbody>{rows.length === 0 ? <tr><td colSpan={10} class="empty">{t('tail.none')}</td></tr> : rows.map((row) => <TailLine key={`${row.declarationId} ${row.version} ${row.at}`} row={row} />)}</tbody>
    </table>
  );
}

function TailLine({ row }: { readonly row: TailRow }) {
  const { recent, word, decimal, valueName, namedValue, moment } = usePage();
  return (
    <tr>
      <td title={moment(row.at)}>{recent(row.at)}</td>
      <th scope="row">{row.declarationId}{row.version > 1 && <span class="quiet"> v{row.version}</span>}</th>
      <td>{word('declarationStatus', row.status)}</td>
      <td>{row.office}</td>
      <td>{word('flow', row.flow)}</td>
      <td>{row.procedure}</td>
      <td title={valueName('partner', row.partner)}>{row.partner}</td>
      <td title={row.hs6.map((code) => namedValue('hs6', code)).join(', ')}>{row.hs6[0]}{row.items > 1 && <span class="quiet"> +{row.items - 1}</span>}</td>
      <td class="number">{row.invoice ? `${decimal(row.invoice.amount)} ${row.invoice.currency}` : '–'}</td>
      <td class="number">{decimal(row.assessed)}</td>
    </tr>
  );
}
