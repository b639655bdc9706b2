#!/bin/sh
# Written by scripts/kafka-acls.ts from services/rights/kafka-rights.ts. What each service may do at Kafka, and nothing more.
# "tidewaiter rights apply" does the same in one call; this is for Kafka's own tool:
#   KAFKA_ACLS="kafka-acls.sh --bootstrap-server broker:9092 --command-config admin.properties" sh infra/rights/kafka-acls.sh
# PRINCIPAL: what users are called, before the name of the service.
set -eu
: "${KAFKA_ACLS:?how kafka-acls.sh is called, with --bootstrap-server and --command-config}"
PRINCIPAL=${PRINCIPAL:-User:tidewaiter-}
may() { holder=$1; shift; $KAFKA_ACLS --add --allow-principal "$PRINCIPAL$holder" "$@"; }

may ingest --operation READ --operation DESCRIBE_CONFIGS --topic customs.declarations.raw.v1
may ingest --operation WRITE --topic customs.declarations.accepted.v1
may ingest --operation WRITE --topic customs.declarations.rejected.v1
may ingest --operation READ --topic customs.reference.v1
may ingest --operation READ --group tidewaiter.ingest --resource-pattern-type prefixed
may ingest --operation READ --operation DELETE --group tidewaiter.reader. --resource-pattern-type prefixed

may standardize --operation READ --topic customs.declarations.accepted.v1
may standardize --operation WRITE --topic customs.declarations.standardized.v1
may standardize --operation WRITE --topic customs.declarations.rejected.v1
may standardize --operation READ --topic customs.reference.v1
may standardize --operation READ --group tidewaiter.standardize --resource-pattern-type prefixed
may standardize --operation READ --operation DELETE --group tidewaiter.reader. --resource-pattern-type prefixed

may enrich --operation READ --topic customs.declarations.standardized.v1
may enrich --operation WRITE --topic customs.declarations.enriched.v1
may enrich --operation WRITE --topic customs.declarations.rejected.v1
may enrich --operation WRITE --topic customs.alerts.precursors.v1
may enrich --operation READ --topic customs.reference.v1
may enrich --operation READ --group tidewaiter.enrich --resource-pattern-type prefixed
may enrich --operation READ --operation DELETE --group tidewaiter.reader. --resource-pattern-type prefixed

may aggregate --operation READ --topic customs.declarations.enriched.v1
may aggregate --operation READ --operation WRITE --topic customs.declarations.rejected.v1
may aggregate --operation READ --group tidewaiter.aggregate --resource-pattern-type prefixed
may aggregate --operation READ --operation DELETE --group tidewaiter.reader. --resource-pattern-type prefixed

may publish --operation READ --operation WRITE --topic customs.aggregates.revenue.v1
may publish --operation READ --operation WRITE --topic customs.aggregates.statistics.v1
may publish --operation READ --operation WRITE --topic customs.aggregates.precursors.v1
may publish --operation READ --topic customs.periods.closed.v1
may publish --operation READ --topic customs.reference.v1
may publish --operation DESCRIBE --topic customs.declarations.raw.v1
may publish --operation DESCRIBE --topic customs.declarations.accepted.v1
may publish --operation DESCRIBE --topic customs.declarations.standardized.v1
may publish --operation DESCRIBE --topic customs.declarations.enriched.v1
may publish --operation DESCRIBE --topic customs.declarations.rejected.v1
may publish --operation DESCRIBE --group tidewaiter.ingest
may publish --operation DESCRIBE --group tidewaiter.standardize
may publish --operation DESCRIBE --group tidewaiter.enrich
may publish --operation READ --operation DELETE --group tidewaiter.reader. --resource-pattern-type prefixed

may replay --operation READ --topic customs.declarations.accepted.v1
may replay --operation READ --topic customs.declarations.standardized.v1
may replay --operation READ --topic customs.declarations.enriched.v1
may replay --operation READ --topic customs.declarations.rejected.v1
may replay --operation READ --topic customs.reference.v1
may replay --operation DESCRIBE --topic customs.declarations.raw.v1
may replay --operation DESCRIBE --group tidewaiter.ingest
may replay --operation READ --group tidewaiter.aggregate --resource-pattern-type prefixed
may replay --operation READ --operation DELETE --group tidewaiter.reader. --resource-pattern-type prefixed

may console --operation READ --operation WRITE --topic customs.declarations.raw.v1
may console --operation READ --topic customs.declarations.accepted.v1
may console --operation READ --topic customs.declarations.standardized.v1
may console --operation READ --topic customs.declarations.enriched.v1
may console --operation READ --topic customs.declarations.rejected.v1
may console --operation READ --topic customs.alerts.precursors.v1
may console --operation READ --operation WRITE --topic customs.alerts.decisions.v1
may console --operation READ --topic customs.aggregates.revenue.v1
may console --operation READ --topic customs.aggregates.statistics.v1
may console --operation READ --topic customs.aggregates.precursors.v1
may console --operation READ --topic customs.reference.v1
may console --operation READ --operation WRITE --topic customs.periods.closed.v1
may console --operation READ --operation WRITE --topic customs.audit.v1
may console --operation DESCRIBE --group tidewaiter.ingest
may console --operation DESCRIBE --group tidewaiter.standardize
may console --operation DESCRIBE --group tidewaiter.enrich
may console --operation DESCRIBE --group tidewaiter.aggregate
may console --operation DESCRIBE --group tidewaiter.publish
may console --operation DESCRIBE --group tidewaiter.aggregate --resource-pattern-type prefixed
may console --operation READ --operation DELETE --group tidewaiter.reader. --resource-pattern-type prefixed

may operator --operation READ --operation WRITE --operation CREATE --operation ALTER_CONFIGS --topic customs.declarations.raw.v1
may operator --operation READ --operation WRITE --operation CREATE --operation ALTER_CONFIGS --topic customs.declarations.accepted.v1
may operator --operation READ --operation WRITE --operation CREATE --operation ALTER_CONFIGS --topic customs.declarations.standardized.v1
may operator --operation READ --operation WRITE --operation CREATE --operation ALTER_CONFIGS --topic customs.declarations.enriched.v1
may operator --operation READ --operation WRITE --operation CREATE --operation ALTER_CONFIGS --topic customs.declarations.rejected.v1
may operator --operation READ --operation WRITE --operation CREATE --operation ALTER_CONFIGS --topic customs.alerts.precursors.v1
may operator --operation READ --operation WRITE --operation CREATE --operation ALTER_CONFIGS --topic customs.alerts.decisions.v1
may operator --operation READ --operation WRITE --operation CREATE --operation ALTER_CONFIGS --topic customs.aggregates.revenue.v1
may operator --operation READ --operation WRITE --operation CREATE --operation ALTER_CONFIGS --topic customs.aggregates.statistics.v1
may operator --operation READ --operation WRITE --operation CREATE --operation ALTER_CONFIGS --topic customs.aggregates.precursors.v1
may operator --operation READ --operation WRITE --operation CREATE --operation ALTER_CONFIGS --topic customs.reference.v1
may operator --operation READ --operation WRITE --operation CREATE --operation ALTER_CONFIGS --topic customs.periods.closed.v1
may operator --operation READ --operation WRITE --operation CREATE --operation ALTER_CONFIGS --topic customs.audit.v1
may operator --operation READ --operation WRITE --operation CREATE --operation DELETE --topic tidewaiter.clock-probe. --resource-pattern-type prefixed
may operator --operation READ --operation DELETE --group tidewaiter. --resource-pattern-type prefixed
may operator --operation DESCRIBE --cluster

may archive --operation READ --topic customs.declarations.raw.v1
may archive --operation READ --topic customs.declarations.accepted.v1
may archive --operation READ --topic customs.declarations.standardized.v1
may archive --operation READ --topic customs.declarations.enriched.v1
may archive --operation READ --topic customs.declarations.rejected.v1
may archive --operation READ --topic customs.alerts.precursors.v1
may archive --operation READ --topic customs.alerts.decisions.v1
may archive --operation READ --topic customs.aggregates.revenue.v1
may archive --operation READ --topic customs.aggregates.statistics.v1
may archive --operation READ --topic customs.aggregates.precursors.v1
may archive --operation READ --topic customs.reference.v1
may archive --operation READ --topic customs.periods.closed.v1
may archive --operation READ --topic customs.audit.v1
may archive --operation READ --operation DELETE --group tidewaiter.reader. --resource-pattern-type prefixed

may gateway --operation WRITE --topic customs.declarations.raw.v1

may subscriber --operation READ --topic customs.aggregates.revenue.v1
may subscriber --operation READ --topic customs.aggregates.statistics.v1
