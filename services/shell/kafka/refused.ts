/** What a refusal by the brokers means to whoever must mend it. */
import { NotReady } from '../waiting';

/** Who signs in; undefined: whoever comes without a password. */
export type KafkaUser = string | undefined;

/** The type is lost where the client wraps the error. */
const rights = /AUTHORIZATION_FAILED|authorization failed/;
/** The client asks every broker who leads the group, and keeps to itself that they would not say. */
const COORDINATOR_HIDDEN = 'KafkaJSGroupCoordinatorNotFound';
const WRONG_PASSWORD = 'KafkaJSSASLAuthenticationError';

/**
 * The same error, or one in words where the user lacks a right or a password, or the brokers' certificate is not known.
 * @param asked what was tried, as the right that it takes: 'WRITE on topic …'
 */
export function inWords(error: Error, user: KafkaUser, asked: string): Error {
  /** Explained already, where more was known of what was asked. */
  if (error instanceof NotReady) return error;
  const username = user ?? 'whoever comes without a password';
  const { type = '', name, message } = error as Error & { type?: string };
  const remedy = `it needs ${asked}; "tidewaiter rights check" names what is missing, see infra/runbooks/rights-refused.md`;
  if (rights.test(`${type} ${message}`)) return new NotReady(`Kafka refuses ${username} a right (${message}): ${remedy}`);
  if (name === COORDINATOR_HIDDEN) return new NotReady(`Kafka does not say who leads the group (${message}); should ${username} not be allowed to know, ${remedy}`);
  if (name === WRONG_PASSWORD) return new NotReady(`Kafka does not know ${username} by this password (${message}): see TIDEWAITER_KAFKA_USERNAME and TIDEWAITER_KAFKA_PASSWORD_FILE`);
  if (/certificate/i.test(message)) return new NotReady(`the brokers' certificate is not accepted (${message}): see TIDEWAITER_KAFKA_CA_FILE`);
  return error;
}

/** Rejects with words that whoever must mend it understands. */
export const explained = <Answer>(call: Promise<Answer>, user: KafkaUser, asked: string): Promise<Answer> =>
  call.catch((error: Error) => { throw inWords(error, user, asked); });
