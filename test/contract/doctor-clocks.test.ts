/** Future dates are judged by the broker's clock: `doctor` measures that one, and not only Redis'. */
import { checks, type Check } from '../../services/cli/doctor-checks';
import { withNeighbours } from '../../services/cli/neighbours';
import { readConfig } from '../../services/shell/config';
import { describeOnStack, requireStack } from '../support/test-stack';

const realNow = Date.now;
afterEach(() => { Date.now = realNow; });

describeOnStack('doctor', () => {
  const found = async () => {
    const { brokers, registryUrl, redisUrl } = requireStack();
    const config = readConfig({ TIDEWAITER_BROKERS: brokers.join(','), TIDEWAITER_REGISTRY_URL: registryUrl, TIDEWAITER_REDIS_URL: redisUrl });
    return withNeighbours(config, async (neighbours) => (checks.find(({ name }) => name === 'clocks') as Check).run(neighbours));
  };

  test('names every broker and how far its clock is from this machine’s', async () => {
    expect(await found()).toMatchObject({ verdict: 'ok', found: expect.stringMatching(/^Redis \d+ ms, broker [\w.]+:\d+ \d+ ms apart/) as string });
    Date.now = () => realNow() - 3_600_000;
    expect(await found()).toMatchObject({ verdict: 'fault', found: expect.stringMatching(/broker [\w.]+:\d+ 3[56]\d{5} ms apart/) as string });
  }, 60_000);
});
