/** Versions are numbers between dots: 2026.2 comes before 2026.10. Parts that are no numbers compare as text, behind numbers. */
export function compareVersions(left: string, right: string): number {
  const [lefts, rights] = [left.split('.'), right.split('.')];
  for (let index = 0; index < Math.max(lefts.length, rights.length); index++) {
    const difference = compareParts(lefts[index], rights[index]);
    if (difference !== 0) return difference;
  }
  /** 2026.1 and 2026.01: another text is another version, in some fixed order. */
  return left === right ? 0 : left < right ? -1 : 1;
}

const isNumber = (part: string): boolean => /^\d{1,15}$/.test(part);

function compareParts(left: string | undefined, right: string | undefined): number {
  if (left === right) return 0;
  if (left === undefined) return -1;
  if (right === undefined) return 1;
  if (isNumber(left) && isNumber(right)) return Number(left) - Number(right);
  if (isNumber(left) !== isNumber(right)) return isNumber(left) ? -1 : 1;
  return left < right ? -1 : 1;
}
