/** Dimensions and filters: what no kept combination answers cannot be chosen. */
import { useState } from 'preact/hooks';
import { choicesOf } from '../choices';
import { usePage } from '../context';
import type { Cube } from '../contract';
import { knownValues } from '../names';
import type { FigurePlace } from '../place';

interface ChoicesProps { readonly cube: Cube; readonly place: FigurePlace; readonly onBy: (by: readonly string[]) => void; readonly onWhere: (where: FigurePlace['where']) => void }

const kindOf = (period: string): string => period.slice(0, period.indexOf(':'));

export function DimensionPicker({ cube, place: { by, where, period }, onBy }: Omit<ChoicesProps, 'onWhere'>) {
  const { t, word } = usePage();
  const choices = choicesOf(cube, by, where.map(([dimension]) => dimension), kindOf(period));
  return (
    <fieldset class="picker chips">
      <legend>{t('figures.by')}</legend>
      {choices.map(({ dimension, chosen, possible }) => (
        <label key={dimension} class="chip" title={possible ? undefined : t('figures.notKept')}>
          <input type="checkbox" checked={chosen} disabled={!possible} onChange={() => onBy(chosen ? by.filter((name) => name !== dimension) : [...by, dimension])} />
          <span>{word('dimension', dimension)}{chosen && by.length > 1 ? ` ${by.indexOf(dimension) + 1}` : ''}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function Filters({ cube, place: { by, where, period }, onWhere }: Omit<ChoicesProps, 'onBy'>) {
  const { t, word, valueName, namedValue } = usePage();
  const possible = choicesOf(cube, [...by, ...where.map(([dimension]) => dimension)], [], kindOf(period)).filter((choice) => choice.possible && !where.some(([dimension]) => dimension === choice.dimension));
  const [chosen, setDimension] = useState('');
  const dimension = possible.some((choice) => choice.dimension === chosen) ? chosen : possible[0]?.dimension ?? '';
  const [value, setValue] = useState('');
  const add = (event: Event): void => {
    event.preventDefault();
    if (value.trim() === '' || dimension === '') return;
    onWhere([...where, [dimension, value.trim()]]);
    setValue('');
  };
  return (
    <fieldset class="picker">
      <legend>{t('figures.where')}</legend>
      {where.map(([name, text]) => (
        <button key={`${name}:${text}`} type="button" class="filter" aria-label={t('figures.removeFilter', { filter: `${word('dimension', name)} ${text}` })} onClick={() => onWhere(where.filter(([other]) => other !== name))}>
          {word('dimension', name)}: <strong>{text}</strong>{valueName(name, text) === undefined ? '' : ` ${valueName(name, text)}`} <span aria-hidden="true">×</span>
        </button>
      ))}
      {possible.length > 0 && (
        <form class="add-filter" onSubmit={add}>
          <select aria-label={t('figures.filterDimension')} value={dimension} onChange={(event) => setDimension(event.currentTarget.value)}>
            {possible.map((choice) => <option key={choice.dimension} value={choice.dimension}>{word('dimension', choice.dimension)}</option>)}
          </select>
          <input aria-label={t('figures.filterValue')} placeholder={t('figures.filterValue')} list="filter-values" value={value} maxLength={64} onInput={(event) => setValue(event.currentTarget.value)} />
          <datalist id="filter-values">{knownValues(dimension).map((code) => <option key={code} value={code}>{namedValue(dimension, code)}</option>)}</datalist>
          <button type="submit">{t('figures.addFilter')}</button>
        </form>
      )}
    </fieldset>
  );
}
