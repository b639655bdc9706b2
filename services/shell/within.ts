export class TimeoutError extends Error {}

/** Rejects with TimeoutError after `milliseconds`; the call itself goes on unheard. */
export async function within<Answer>(milliseconds: number, call: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new TimeoutError(`no answer within ${milliseconds / 1_000} s`)), milliseconds); });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
