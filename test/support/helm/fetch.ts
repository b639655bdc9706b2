/** Helm as a library for Java, in the cache of jars: `node dist/test/support/helm/fetch.js` fetches it, and says why it cannot be had. */
import { join } from 'node:path';
import { readConfig } from '../../../services/shell/config';
import { projectRoot } from '../../../services/shell/project-root';
import { fetchOnce, runToEnd } from '../../../services/stack/jars';

const HELM = 'helm-java-0.0.21';

/** Where it is once it is fetched. */
export const helmJars = (): string => join(readConfig().cache, HELM);

if (require.main === module) {
  const pom = join(projectRoot(), 'test/support/helm/pom.xml');
  fetchOnce(readConfig().cache, HELM, (line) => process.stdout.write(`${line}\n`), (into) => runToEnd('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${into}`]))
    .catch((error: Error) => { process.stderr.write(`${error.message}\n`); process.exitCode = 1; });
}
