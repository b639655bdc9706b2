/** `--format` of commands that read files of declarations. */
import { InvalidArgumentError, Option } from 'commander';
import { feedFormats, type FeedFormat } from '../feed/formats';

const KCS: FeedFormat = 'kcs-csv';
const shortNames: Readonly<Record<string, FeedFormat>> = { kcs: KCS };

function feedFormat(text: string): FeedFormat {
  const format = feedFormats.find((name) => name === text) ?? (Object.hasOwn(shortNames, text) ? shortNames[text] : undefined);
  if (format === undefined) throw new InvalidArgumentError(`Allowed choices are ${feedFormats.join(', ')}.`);
  return format;
}

export const formatOption = (): Option => new Option('--format <format>', `form of the file: ${feedFormats.join(', ')} (short: ${Object.keys(shortNames).join(', ')})`).argParser(feedFormat);
