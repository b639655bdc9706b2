import { ConfigurationError, readConfig } from '../config';

const urls = (text: string) => readConfig({ TIDEWAITER_SERVICE_URLS: text }).TIDEWAITER_SERVICE_URLS;
const faults = (text: string): string[] => {
  try {
    urls(text);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message.split('\n').slice(1).map((line) => line.trim());
  }
};

test('names, hosts and ports; a service may stand there more than once', () => {
  expect(urls('ingest=http://ingest:9464, console = http://10.0.0.7 ,ingest=http://[::1]:9465/,')).toEqual([
    { name: 'ingest', host: 'ingest', port: 9_464 }, { name: 'console', host: '10.0.0.7', port: 80 }, { name: 'ingest', host: '::1', port: 9_465 },
  ]);
  expect(urls('')).toBeUndefined();
});

test('every wrong entry is named, by its service or its place', () => {
  const shape = 'http://host:port is expected, and nothing behind it';
  expect(faults('ingest=http://ingest:9464,gest=http://a:1,http://b:2,publish=b:2,enrich=https://c:3,console=http://d:4/state,aggregate=')).toEqual([
    'TIDEWAITER_SERVICE_URLS: there is no service "gest"; there are ingest, standardize, enrich, aggregate, publish, console',
    'TIDEWAITER_SERVICE_URLS: entry 3 has no name: name=http://host:port is expected',
    `TIDEWAITER_SERVICE_URLS: the address of publish is none: ${shape}`,
    `TIDEWAITER_SERVICE_URLS: the address of enrich is none: ${shape}`,
    `TIDEWAITER_SERVICE_URLS: the address of console is none: ${shape}`,
    `TIDEWAITER_SERVICE_URLS: the address of aggregate is none: ${shape}`,
  ]);
});

test.each(['ingest=http://me:secret@ingest:9464', 'http://me:secret@ingest:9464', 'http://me:secret@ingest:9464/?a=b', 'ingest=http://me:secret@'])('%s: a password is not repeated', (text) => {
  expect(faults(text)).toHaveLength(1);
  expect(faults(text).join()).not.toContain('secret');
});
