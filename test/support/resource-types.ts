/**
 * Resources held to their published types by the TypeScript compiler: a field that does not exist, one that is missing, a value
 * of another type or outside its list is a fault. Nothing of those packages is run.
 */
import { join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../../services/shell/project-root';
import type { Resource } from './helm';

/** Where the types of a group are; a group without a dot is of Kubernetes itself. */
const packages: Readonly<Record<string, string>> = {
  'keda.sh': '@kubernetes-models/keda', 'monitoring.coreos.com': '@kubernetes-models/prometheus-operator', 'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
};

/** Of Strimzi no package has types: the part of its KafkaTopic that it documents for v1. */
const strimzi = `
interface KafkaTopic {
  apiVersion: 'kafka.strimzi.io/v1'; kind: 'KafkaTopic';
  metadata: { name: string; namespace?: string; labels: { 'strimzi.io/cluster': string; [label: string]: string }; annotations?: Record<string, string> };
  spec: { topicName?: string; partitions?: number; replicas?: number; config?: Record<string, string | number | boolean> };
}`;

function typeOf({ apiVersion, kind }: Resource, alias: string): string {
  if (apiVersion === 'kafka.strimzi.io/v1') return `type ${alias} = ${kind};`;
  const [group = ''] = apiVersion.split('/');
  return `import type { I${kind} as ${alias} } from '${packages[group] ?? 'kubernetes-models'}/${apiVersion}/${kind}';`;
}

/** What is wrong, each with the resource that it is wrong with. */
export function faultsOf(resources: readonly Resource[]): string[] {
  const file = join(projectRoot(), 'test/support/rendered.mts');
  const lines = [strimzi.replaceAll('\n', ' '), ...resources.map((resource, index) => `${typeOf(resource, `Type${index}`)} export const resource${index}: Type${index} = ${JSON.stringify(resource)};`)];
  const options: ts.CompilerOptions = { noEmit: true, strict: true, exactOptionalPropertyTypes: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: [] };
  const host = ts.createCompilerHost(options);
  const [read, exists] = [host.getSourceFile.bind(host), host.fileExists.bind(host)];
  host.fileExists = (name) => name === file || exists(name);
  host.getSourceFile = (name, ...rest) => (name === file ? ts.createSourceFile(file, lines.join('\n'), ts.ScriptTarget.ES2022) : read(name, ...rest));
  return ts.getPreEmitDiagnostics(ts.createProgram([file], options, host)).map(({ messageText, file: source, start = 0 }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, ' ');
    if (source?.fileName !== file) return message;
    const of = resources[source.getLineAndCharacterOfPosition(start).line - 1];
    return `${of?.kind ?? ''} ${of?.metadata.name ?? ''}: ${message}`;
  });
}
