/** What the audit log says of an act beyond its outcome, in the reader's language: a code of the catalogue and its values, `redriven sent=3 alike=1`. */
import { isText, translate, type Language } from './texts';

const FORM = /^([a-z-]+)((?: \w+=\S+)*)$/;

/** What has no word, such as a digest or what an older version wrote in words, stands as it was written. */
export function auditDetail(language: Language, detail: string): string {
  const [, code, values = ''] = FORM.exec(detail) ?? [];
  const key = `detail.${code}`;
  if (!isText(key)) return detail;
  return translate(language, key, Object.fromEntries(values.trim().split(' ').map((pair) => pair.split('=', 2))) as Record<string, string>);
}
