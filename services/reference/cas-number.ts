const form = /^(\d{2,7})-(\d{2})-(\d)$/;

/** The last digit is the sum of the others, weighted 1, 2, 3 … from the right, modulo ten (domain rule WL.02). */
export function isCasNumber(text: string): boolean {
  const match = form.exec(text);
  if (!match) return false;
  const digits = `${match[1]}${match[2]}`;
  let sum = 0;
  for (let index = 0; index < digits.length; index++) sum += (digits.length - index) * Number(digits[index]);
  return sum % 10 === Number(match[3]);
}
