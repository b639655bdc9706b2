/** Every kind of fault, by its name. */
import { clockFaults } from './clock-faults';
import { clusterFaults } from './cluster-faults';
import type { Fault } from './fault';
import { logFaults } from './log-faults';
import { partFaults } from './part-faults';
import { poison } from './poison';
import { referenceFaults } from './reference-faults';
import { replyFaults } from './reply-faults';
import { serviceFaults } from './service-faults';
import { storeFaults } from './store-faults';
import { versionFaults } from './version-faults';

export const faults: Readonly<Record<string, Fault>> = { ...serviceFaults, ...partFaults, ...storeFaults, ...logFaults, ...replyFaults, ...referenceFaults, ...versionFaults, ...clockFaults, poison, ...clusterFaults };
