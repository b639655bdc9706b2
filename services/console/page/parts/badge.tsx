/** A state in a word, a shape and a colour: any two of them would do. */
import { useWords } from '../context';
import { Shape, type ShapeName } from './icons';

export type Tone = 'good' | 'warning' | 'bad' | 'neutral';

export const Badge = ({ tone, shape, children }: { readonly tone: Tone; readonly shape?: ShapeName; readonly children: string }) => (
  <span class={`badge ${tone}`}><Shape name={shape ?? tone} />{children}</span>
);

const figureTones: Readonly<Record<string, readonly [Tone, ShapeName]>> = { 'provisional': ['neutral', 'neutral'], 'final': ['good', 'good'], 'closed': ['good', 'sealed'], 'catching-up': ['warning', 'warning'] };

export function FigureStatus({ status }: { readonly status: string }) {
  const { word } = useWords();
  const [tone, shape] = figureTones[status] ?? ['neutral', 'neutral'];
  return <Badge tone={tone} shape={shape}>{word('status', status)}</Badge>;
}

const levelTones: Readonly<Record<number, Tone>> = { 5: 'bad', 4: 'bad', 3: 'warning' };
export function LevelBadge({ level }: { readonly level: number }) {
  const { t } = useWords();
  return <Badge tone={levelTones[level] ?? 'neutral'}>{t('alerts.level', { level })}</Badge>;
}

const decisionTones: Readonly<Record<string, readonly [Tone, ShapeName]>> = { open: ['warning', 'neutral'], cleared: ['good', 'good'], held: ['bad', 'bad'] };
export function DecisionBadge({ state }: { readonly state: string }) {
  const { word } = useWords();
  const [tone, shape] = decisionTones[state] ?? ['neutral', 'neutral'];
  return <Badge tone={tone} shape={shape}>{word('decision', state)}</Badge>;
}
