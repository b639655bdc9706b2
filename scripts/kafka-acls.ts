/**
 * Writes infra/rights/kafka-acls.sh from services/rights/kafka-rights.ts: `node dist/scripts/kafka-acls.js`.
 * For administrators who change the rules of their brokers with Kafka's own tool; a test fails when it is stale.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { holders, kafkaRights, type Holder, type Right } from '../services/rights/kafka-rights';
import { projectRoot } from '../services/shell/project-root';

const HEAD = `#!/bin/sh
# Written by scripts/kafka-acls.ts from services/rights/kafka-rights.ts. What each service may do at Kafka, and nothing more.
# "tidewaiter rights apply" does the same in one call; this is for Kafka's own tool:
#   KAFKA_ACLS="kafka-acls.sh --bootstrap-server broker:9092 --command-config admin.properties" sh infra/rights/kafka-acls.sh
# PRINCIPAL: what users are called, before the name of the service.
set -eu
: "\${KAFKA_ACLS:?how kafka-acls.sh is called, with --bootstrap-server and --command-config}"
PRINCIPAL=\${PRINCIPAL:-User:tidewaiter-}
may() { holder=$1; shift; $KAFKA_ACLS --add --allow-principal "$PRINCIPAL$holder" "$@"; }
`;

function line(holder: Holder, { resource, name, pattern, operations }: Right): string {
  const on = resource === 'cluster' ? '--cluster' : `--${resource} ${name}`;
  return ['may', holder, ...operations.map((operation) => `--operation ${operation}`), on, ...(pattern === 'prefixed' ? ['--resource-pattern-type prefixed'] : [])].join(' ');
}

export const kafkaAclScript = (): string => [HEAD, ...holders.map((holder) => `${kafkaRights[holder].map((right) => line(holder, right)).join('\n')}\n`)].join('\n');

if (require.main === module) writeFileSync(join(projectRoot(), 'infra/rights/kafka-acls.sh'), kafkaAclScript());
