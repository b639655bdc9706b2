import { limits } from '../../limits';
import { ConfigurationError, readSecret, type Config } from '../../shell/config';
import { readOrMakeKey } from '../../shell/key-file';
import { LocalTokens } from './local-tokens';
import { OpenIdConnect } from './openid-connect';
import { Sessions } from './sessions';
import { Signer } from './signed-claims';

export interface AccessParts { readonly tokens: LocalTokens; readonly sessions: Sessions; readonly oidc: OpenIdConnect | undefined; readonly secure: boolean; readonly proxies: readonly string[] }

/** How people get in, as the settings have it. @throws ConfigurationError */
export function accessParts(config: Config, nowMs: () => number): AccessParts {
  const signer = new Signer(keyOf(config), nowMs);
  return { tokens: new LocalTokens(signer, config.home, nowMs), sessions: new Sessions(signer, nowMs), oidc: openIdConnect(config, signer, nowMs), secure: config.consoleUrl.startsWith('https:'), proxies: config.TIDEWAITER_CONSOLE_PROXIES ?? [] };
}

/** A file that somebody names is theirs to make: one of our own in its place would sign what no other console takes. */
function keyOf({ TIDEWAITER_CONSOLE_KEY_FILE: file, consoleKeyFile }: Config): Uint8Array {
  if (file === undefined) return readOrMakeKey(consoleKeyFile);
  const key = new TextEncoder().encode(readSecret(file, 'TIDEWAITER_CONSOLE_KEY_FILE'));
  if (key.length < limits.consoleKeyBytes) throw new ConfigurationError(`These settings are wrong:\n  TIDEWAITER_CONSOLE_KEY_FILE: the file holds ${key.length} bytes; use at least ${limits.consoleKeyBytes} random ones`);
  return key;
}

function openIdConnect(config: Config, signer: Signer, nowMs: () => number): OpenIdConnect | undefined {
  const { TIDEWAITER_CONSOLE_OIDC_ISSUER: issuer, TIDEWAITER_CONSOLE_OIDC_CLIENT_ID: clientId, TIDEWAITER_CONSOLE_OIDC_CLIENT_SECRET_FILE: file, TIDEWAITER_CONSOLE_OIDC_ROLES_CLAIM: rolesClaim } = config;
  if (issuer === undefined) return undefined;
  const secret = file === undefined ? {} : { clientSecret: readSecret(file, 'TIDEWAITER_CONSOLE_OIDC_CLIENT_SECRET_FILE') };
  return new OpenIdConnect({ issuer, clientId, ...secret, rolesClaim, redirectUri: `${config.consoleUrl}/api/v1/oidc/callback` }, signer, nowMs);
}
