/** Topics by the names that people give them on the command line. */
import { InvalidArgumentError } from 'commander';
import { topics, type TopicName } from '../topology';
import { commaSeparated } from './arguments';

const ALL = 'all';
const middleOf = (name: TopicName): string => name.replace(/^customs\./, '').replace(/\.v\d+$/, '');
const lastOf = (name: TopicName): string => middleOf(name).split('.').at(-1) ?? '';

/** `raw` where one topic ends so, else `alerts.precursors`; the whole name is taken too. */
export function shortName(name: TopicName): string {
  return topics.filter((other) => lastOf(other.name) === lastOf(name)).length === 1 ? lastOf(name) : middleOf(name);
}

/** Value of `--topic`: names, comma-separated, or `all`. */
export function topicNames(text: string): TopicName[] {
  if (text === ALL) return topics.map(({ name }) => name);
  const wanted = commaSeparated(text).map((wantedName) => {
    const found = topics.find(({ name }) => [name, middleOf(name), shortName(name)].includes(wantedName));
    if (!found) throw new InvalidArgumentError(`There is no topic ${wantedName}: take some of ${topics.map(({ name }) => shortName(name)).join(', ')}, or ${ALL}.`);
    return found.name;
  });
  if (wanted.length === 0) throw new InvalidArgumentError('Name a topic.');
  return [...new Set(wanted)];
}
