/** A figure that was opened: what it is made of, declaration by declaration, and how it came to be what it is. */
import { useState } from 'preact/hooks';
import { useAsked, usePage, type Page } from '../context';
import type { Explanation, FigureView } from '../contract';
import { unitOf } from '../measures';
import { explainedAs, explainQuery, type ExplainedPlace, type FigurePlace } from '../place';
import { ask, Refusal } from '../server';
import { Badge, FigureStatus } from './badge';
import { Contributions } from './contributions';
import { DeclarationCells } from './declaration-cells';
import { Dialog } from './dialog';
import { shownCell } from './figure-table';
import { Shape } from './icons';
import { Problem } from './problem';
import { offsetsText } from './provenance';
import { Revisions } from './revisions';

interface ExplanationProps { readonly view: FigureView; readonly place: FigurePlace; readonly explained: ExplainedPlace }

export function ExplanationDialog({ view, place, explained }: ExplanationProps) {
  const { t, go } = usePage();
  const { declaration } = explained;
  const close = (): void => go(explainedAs());
  /** The figure stays as it was read while one looks at a declaration. */
  return declaration === undefined
    ? <ExplainedFigure view={view} place={place} explained={explained} onClose={close} />
    : <Dialog title={t('explain.declaration', { declaration })} onClose={close} onBack={() => go({ declaration: undefined })} back={t('explain.back')}><DeclarationCells declarationId={declaration} /></Dialog>;
}

function ExplainedFigure({ view, place, explained, onClose }: ExplanationProps & { readonly onClose: () => void }) {
  const page = usePage();
  const { t, announce } = page;
  const query = `/explain/${view}?${explainQuery(place, explained)}`;
  const { answer, failure, asking, again, replace } = useAsked<Explanation>(query);
  const [moreFailure, setMoreFailure] = useState<Refusal>();
  const more = (): void => {
    if (!answer?.next) return;
    ask<Explanation>(`/explain/${view}?${explainQuery(place, explained, answer.next)}`).then(
      (next) => { setMoreFailure(undefined); replace({ ...next, revisions: answer.revisions, contributions: [...answer.contributions, ...next.contributions] }); announce(t('explain.moreSpoken', { count: next.contributions.length })); },
      (problem: unknown) => setMoreFailure(problem instanceof Refusal ? problem : new Refusal(0, 'unreachable', '')),
    );
  };
  return (
    <Dialog title={titleOf(explained, page)} onClose={onClose}>
      {failure && <Problem failure={failure} onAgain={again} />}
      {asking && !answer && <p class="waiting" role="status">{t('explain.working')}</p>}
      {answer && (
        <>
          <Sums explanation={answer} measure={explained.measure} onAgain={again} />
          <Contributions explanation={answer} measure={explained.measure} onMore={more} />
          {moreFailure && <Problem failure={moreFailure} onAgain={() => { setMoreFailure(undefined); again(); }} />}
          {answer.revisions !== null && <Revisions revisions={answer.revisions} measure={explained.measure} />}
        </>
      )}
    </Dialog>
  );
}

function titleOf({ measure, of }: ExplainedPlace, { t, word, namedValue }: Page): string {
  return t('explain.title', { measure: word('measure', measure), of: of.length === 0 ? t('figures.total') : of.map(([dimension, value]) => namedValue(dimension, value)).join(', ') });
}

/** The figure, what came since it was signed off, and whether the declarations make it up. */
function Sums({ explanation, measure, onAgain }: { readonly explanation: Explanation; readonly measure: string; readonly onAgain: () => void }) {
  const page = usePage();
  const { t, word, count, moment, namedValue } = page;
  const { figure, adjustment, explained, addsUp, declarations, currency, status, period, where, definitions, asOf, logRead } = explanation;
  const unit = unitOf(measure) === 'money' ? ` ${currency}` : '';
  return (
    <>
      <p class="line">
        <FigureStatus status={status} />
        <span>{moment(period.from)} – {moment(period.to)}</span>
        {Object.entries(where).map(([dimension, value]) => <span key={dimension}><span class="quiet">{word('dimension', dimension)}</span> {namedValue(dimension, value)}</span>)}
        <span>{t('figures.definitions')} <code>{definitions}</code></span>
      </p>
      <div class="totals"><dl>
        <div><dt>{t(adjustment ? 'explain.signedOff' : 'explain.figure')}</dt><dd>{shownCell(figure[measure], page)}{unit}</dd></div>
        {adjustment && <div><dt>{t('explain.since')}</dt><dd>{shownCell(adjustment[measure], page)}{unit}</dd></div>}
        <div><dt>{t('explain.sum', { count: count(declarations) })}</dt><dd>{shownCell(explained[measure], page)}{unit}</dd></div>
      </dl></div>
      <p class="line" role="status">{addsUp ? <Badge tone="good">{t(adjustment ? 'explain.addsUpWithSince' : 'explain.addsUp')}</Badge> : <><Badge tone="bad">{t('explain.differs')}</Badge><span>{t('explain.moving')}</span><button type="button" onClick={onAgain}>{t('problem.again')}</button></>}</p>
      {status === 'catching-up' && <p class="note warning"><Shape name="warning" />{t('figures.catchingUp')}</p>}
      {!logRead && <p class="note warning"><Shape name="warning" />{t('explain.logAway')}</p>}
      <p class="small quiet offsets">{t('figures.offsets')} {offsetsText(asOf.offsets)}</p>
    </>
  );
}
