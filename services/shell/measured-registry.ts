import type { Measurements } from './measurements';
import type { SchemaSource } from './ports';

/** The registry, with a count of the writer schemas that it is asked for: decoders ask for what their caches do not have. */
export function measuredRegistry(registry: SchemaSource, measurements: Measurements): SchemaSource {
  return {
    latest: (subject) => registry.latest(subject),
    byId: async (id) => {
      try {
        const text = await registry.byId(id);
        measurements.registryMiss(text === undefined ? 'unknown' : 'found');
        return text;
      } catch (error) {
        measurements.registryMiss('failed');
        throw error;
      }
    },
  };
}
