/** The stream itself: who works, how far behind, what passes by, by which definitions. */
import { useState } from 'preact/hooks';
import { useAsked, useLive, useNowMs, usePage } from '../context';
import type { Books, ReferenceDocument, ServiceStatus, Status, TopicStatus } from '../contract';
import { Badge, type Tone } from '../parts/badge';
import { Shape } from '../parts/icons';
import { Problem } from '../parts/problem';
import { Tail } from '../parts/tail';
import { Trend } from '../parts/trend';

export function StreamView() {
  const { t } = usePage();
  const { answer, failure, again } = useAsked<Status>('/status');
  const [pushed, setPushed] = useState<Status>();
  useLive<Status>('status', setPushed);
  const status = pushed ?? answer;
  return (
    <div class="stream">
      <h1>{t('view.stream')}</h1>
      {failure && !status && <Problem failure={failure} onAgain={again} />}
      {status && <Services status={status} />}
      {status && <BooksLine books={status.books} drained={status.drained} outside={status.outside ?? []} />}
      <Tail />
      <div class="columns">
        {status && <Topics topics={status.topics ?? answer?.topics ?? []} />}
        <Reference />
      </div>
    </div>
  );
}

const stateTones: Readonly<Record<string, Tone>> = { running: 'good', starting: 'neutral', stopping: 'neutral', waiting: 'warning', halted: 'bad', down: 'bad', silent: 'bad' };

function Services({ status }: { readonly status: Status }) {
  const { t } = usePage();
  return (
    <section aria-labelledby="services-title">
      <h2 id="services-title">{t('stream.services')}</h2>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="services-title">
        <table>
          <thead><tr>
            <th scope="col">{t('stream.service')}</th><th scope="col">{t('stream.state')}</th><th scope="col" class="number">{t('stream.lagDeclarations')}</th>
            <th scope="col" class="number">{t('stream.lagAge')}</th><th scope="col">{t('stream.trend')}</th><th scope="col">{t('stream.partitions')}</th><th scope="col" class="number">{t('stream.newestEvent')}</th>
          </tr></thead>
          <tbody>{status.services.map((service) => <Service key={service.name} service={service} />)}</tbody>
        </table>
      </div>
    </section>
  );
}

function Service({ service }: { readonly service: ServiceStatus }) {
  const { word, count, age, t } = usePage();
  const nowMs = useNowMs(1_000);
  const { name, state, lag, lagDeclarations, lagSeconds, newestEventAt, reason, stoppedPartitions = {}, alarms = {}, replicas, withoutLag } = service;
  const total = lagDeclarations ?? (lag ? Object.values(lag).reduce((sum, records) => sum + records, 0) : null);
  const troubles = [...(reason === undefined ? [] : [reason]), ...Object.entries(stoppedPartitions).map(([partition, why]) => `${partition}: ${why}`), ...Object.values(alarms)];
  return (
    <tr>
      <th scope="row">{name}{replicas !== undefined && <span class="quiet"> ×{replicas}</span>}</th>
      <td><Badge tone={stateTones[state] ?? 'neutral'}>{word('state', state)}</Badge>{troubles.map((trouble) => <p key={trouble} class="small trouble">{trouble}</p>)}</td>
      <td class="number">{total !== null ? count(total) : withoutLag ? '–' : t('stream.unknown')}</td>
      <td class="number">{lagSeconds === undefined || lagSeconds === null ? '–' : age(lagSeconds * 1000)}</td>
      <td>{withoutLag ? '–' : service.lagTrend && <Trend trend={service.lagTrend} />}</td>
      <td><Partitions service={service} /></td>
      <td class="number">{newestEventAt === null ? '–' : age(nowMs - Date.parse(newestEventAt))}</td>
    </tr>
  );
}

/** One cell a partition: declarations behind, and where the server says so, what they are worth and how old the oldest is. */
function Partitions({ service: { lag, lagByPartition, withoutLag } }: { readonly service: ServiceStatus }) {
  const { count, decimal, age, session, t } = usePage();
  if (!lag) return <>{withoutLag ? '–' : t('stream.unknown')}</>;
  return (
    <ul class="partitions">
      {Object.entries(lag).map(([partition, records]) => {
        const detail = lagByPartition?.[partition];
        return (
          <li key={partition} class={records > 0 ? 'behind' : 'even'}>
            <span class="quiet">{partition}</span> <strong>{count(records)}</strong>
            {records > 0 && detail?.value != null && <span> · {decimal(detail.value)} {session.profile.currency}</span>}
            {records > 0 && detail?.seconds != null && <span> · {age(detail.seconds * 1000)}</span>}
          </li>
        );
      })}
    </ul>
  );
}

function BooksLine({ books, drained, outside }: { readonly books: Books; readonly drained: boolean; readonly outside: readonly string[] }) {
  const { t, count } = usePage();
  const shown = (value: number | null): string => (value === null ? '?' : count(value));
  return (
    <section aria-labelledby="books-title">
      <h2 id="books-title">{t('stream.books')}</h2>
      <p class="line books">
        {books.balanced === null ? <Badge tone="neutral">{t('stream.unknown')}</Badge> : <Badge tone={books.balanced ? 'good' : drained ? 'bad' : 'neutral'}>{t(books.balanced ? 'books.balanced' : drained ? 'books.notBalanced' : 'books.onTheWay')}</Badge>}
        <span>{t('books.raw')} <strong>{shown(books.raw)}</strong> = {t('books.counted')} <strong>{shown(books.counted)}</strong> + {t('books.leftOut')} <strong>{shown(books.leftOut)}</strong> + {t('books.refused')} <strong>{shown(books.refused)}</strong> + {t('books.ignored')} <strong>{shown(books.ignored)}</strong></span>
        <span class="quiet">{t(drained ? 'books.drained' : 'books.notDrained')}</span>
      </p>
      {outside.map((text) => <p key={text} class="note bad"><Shape name="bad" />{text}</p>)}
    </section>
  );
}

function Topics({ topics }: { readonly topics: readonly TopicStatus[] }) {
  const { t, count } = usePage();
  return (
    <section aria-labelledby="topics-title">
      <h2 id="topics-title">{t('stream.topics')}</h2>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="topics-title">
        <table>
          <thead><tr><th scope="col">{t('stream.topic')}</th><th scope="col" class="number">{t('stream.records')}</th><th scope="col">{t('stream.ends')}</th></tr></thead>
          <tbody>{topics.map(({ name, partitions }) => (
            <tr key={name}>
              <th scope="row"><code>{name}</code></th>
              <td class="number">{count(partitions.reduce((sum, { start, end }) => sum + end - start, 0))}</td>
              <td class="small quiet">{partitions.map(({ partition, start, end }) => <span key={partition} class="end">{partition}: {start === 0 ? '' : `${count(start)} – `}{count(end)}</span>)}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
    </section>
  );
}

function Reference() {
  const { t, can, word, moment } = usePage();
  const { answer, failure, again } = useAsked<{ readonly reference: readonly ReferenceDocument[] }>(can('see:reference') ? '/reference' : undefined);
  if (!can('see:reference')) return null;
  return (
    <section class="reference" aria-labelledby="reference-title">
      <h2 id="reference-title">{t('stream.reference')}</h2>
      {failure && <Problem failure={failure} onAgain={again} />}
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="reference-title">
        <table>
          <thead><tr><th scope="col">{t('reference.kind')}</th><th scope="col">{t('reference.document')}</th><th scope="col">{t('reference.validFrom')}</th><th scope="col">{t('reference.loadedAt')}</th></tr></thead>
          <tbody>{(answer?.reference ?? []).map(({ kind, id, version, title, validFrom, loadedAt }) => (
            <tr key={`${kind} ${id} ${version}`}><td>{word('documentKind', kind)}</td><th scope="row"><code>{id}@{version}</code> <span class="quiet">{title}</span></th><td>{validFrom}</td><td>{loadedAt ? moment(loadedAt) : '–'}</td></tr>
          ))}</tbody>
        </table>
      </div>
    </section>
  );
}
