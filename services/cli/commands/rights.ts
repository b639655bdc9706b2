/** `rights list`, `check` and `apply`: what each service may do at Kafka. */
import { Command, InvalidArgumentError } from 'commander';
import { holders, kafkaRights } from '../../rights/kafka-rights';
import { limits } from '../../limits';
import { readConfig } from '../../shell/config';
import { accessRules, allow, type AccessRule } from '../../shell/kafka/kafka-acls';
import { delay, monotonicMs } from '../../shell/waiting';
import { CommandFailure } from '../failure';
import { print, printJson, table } from '../output';
import { withNeighbours } from '../neighbours';
import { openAdmin } from './topics';

interface Options { readonly principal: string; readonly json?: true }

const HOLDER = '{holder}';

export function rightsCommand(): Command {
  const rights = new Command('rights').description('what each service, and nobody else, may do at Kafka').addHelpText('after', `
Each service has a user of its own. Beside the services, "operator" is the user of this command line, "archive" that of
"tidewaiter archive" called by a timer, "gateway" sends declarations, "subscriber" reads the aggregates that are not
sensitive. Rules for Redis: infra/rights/redis-users.acl.
check and apply need a user that may see or change the rules of the brokers.

Examples:
  tidewaiter rights list
  tidewaiter rights apply --principal 'User:tidewaiter-${HOLDER}'
  tidewaiter rights check --json`);
  const add = (name: string, description: string, act: (options: Options) => Promise<void> | void): void => {
    rights.command(name).description(description)
      .option('--principal <pattern>', `how users are called, with ${HOLDER} in the place of the service`, principalPattern, `User:tidewaiter-${HOLDER}`)
      .option('--json', 'one JSON object').action(act);
  };
  add('list', 'shows them', list);
  add('check', 'compares them with the rules of the brokers; exit code 1 when one is missing', (options) => compare(options, false));
  add('apply', 'gives what is missing; takes nothing away', (options) => compare(options, true));
  return rights;
}

function principalPattern(text: string): string {
  if (!text.includes(HOLDER) || !/^[A-Za-z]+:/.test(text)) throw new InvalidArgumentError(`must have a type and contain ${HOLDER}, e.g. User:tidewaiter-${HOLDER}`);
  return text;
}

/** One rule for each operation, as the brokers keep them. */
export function declaredRules(pattern: string): AccessRule[] {
  return holders.flatMap((holder) => kafkaRights[holder].flatMap(({ operations, ...right }) => operations.map((operation) => ({ principal: pattern.replace(HOLDER, holder), ...right, operation }))));
}

const shown = ({ resource, name, pattern }: AccessRule): string => `${resource} ${name}${pattern === 'prefixed' ? '*' : ''}`;
const rows = (rules: readonly AccessRule[]): string[][] => rules.map((rule) => [rule.principal, rule.operation, shown(rule)]);

function list({ principal, json }: Options): void {
  const rules = declaredRules(principal);
  if (json) printJson({ rules });
  else print(table(['principal', 'may', 'on'], rows(rules)));
}

const identity = ({ principal, resource, name, pattern, operation }: AccessRule): string => [principal, resource, name, pattern, operation].join(' ');
/** Rules of `these` that are not among `those`. */
function without(these: readonly AccessRule[], those: readonly AccessRule[]): AccessRule[] {
  const known = new Set(those.map(identity));
  return these.filter((rule) => !known.has(identity(rule)));
}

async function compare({ principal, json }: Options, apply: boolean): Promise<void> {
  const declared = declaredRules(principal);
  await withNeighbours(readConfig(), async (neighbours) => {
    const admin = await openAdmin(neighbours);
    const given = (): Promise<AccessRule[]> => neighbours.kafkaCall(accessRules(admin, new Set(declared.map((rule) => rule.principal))).catch(notAllowed));
    const before = await given();
    if (apply) await neighbours.kafkaCall(allow(admin, without(declared, before)).catch(notAllowed));
    const now = apply ? await settled(declared, given) : before;
    const [missing, more] = [without(declared, now), without(now, declared)];
    if (json) printJson({ missing, more, added: without(now, before) });
    else {
      if (missing.length + more.length > 0) print(table(['', 'principal', 'may', 'on'], [...rows(missing).map((row) => ['missing', ...row]), ...rows(more).map((row) => ['not needed', ...row])]));
      print(`${declared.length - missing.length} of ${declared.length} rules are given${apply ? `, ${without(now, before).length} of them now` : ''}; ${more.length} more than needed`);
    }
    if (missing.length > 0) throw new CommandFailure('Rights are missing: run "tidewaiter rights apply" as a user that may change the rules of the brokers.');
  });
}

/** The brokers take a moment to make rules their own. */
async function settled(declared: readonly AccessRule[], given: () => Promise<AccessRule[]>): Promise<AccessRule[]> {
  const deadlineMs = monotonicMs() + limits.commandCallMs;
  let now = await given();
  for (; without(declared, now).length > 0 && monotonicMs() < deadlineMs; now = await given()) await delay(limits.commandLookMs);
  return now;
}

function notAllowed(error: Error): never {
  throw new CommandFailure(`the rules of the brokers cannot be read or changed by this user (${error.message}): it needs DESCRIBE, to change them ALTER, on the cluster, and the brokers an authorizer`);
}
