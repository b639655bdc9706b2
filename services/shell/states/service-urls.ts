/** The setting that says where services answer /state. */
import { z } from 'zod';
import { allServices, type ServiceName } from '../../topology';

/** A name of several addresses, or several rows of one service: its replicas. */
export interface ServiceUrl { readonly name: ServiceName; readonly host: string; readonly port: number }

const HTTP_PORT = 80;

/** `name=http://host:port`, comma-separated; each wrong entry is a fault of its own. */
export const serviceUrls = z.string().transform((text, context): readonly ServiceUrl[] =>
  text.split(',').map((part) => part.trim()).filter((part) => part !== '').flatMap((part, index) => {
    const found = serviceUrl(part, index + 1);
    if (typeof found !== 'string') return [found];
    context.addIssue({ code: 'custom', message: found });
    return [];
  }));

/** In words what is wrong with an entry; an address is never repeated, as it may carry a password. */
function serviceUrl(text: string, place: number): ServiceUrl | string {
  const [, given = '', address = ''] = /^([\w-]*)\s*=\s*(.*)$/.exec(text) ?? [];
  if (given === '') return `entry ${place} has no name: name=http://host:port is expected`;
  const name = allServices.find((known) => known === given);
  if (name === undefined) return `there is no service "${given}"; there are ${allServices.join(', ')}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'http:' || url.username !== '' || url.password !== '' || url.pathname !== '/' || url.search !== '' || url.hash !== '') return `the address of ${name} is none: http://host:port is expected, and nothing behind it`;
  return { name, host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port === '' ? HTTP_PORT : Number(url.port) };
}
