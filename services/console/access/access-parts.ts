import { readSecret, type Config } from '../../shell/config';
import { readOrMakeKey } from '../../shell/key-file';
import { LocalTokens } from './local-tokens';
import { OpenIdConnect } from './openid-connect';
import { Sessions } from './sessions';
import { Signer } from './signed-claims';

export interface AccessParts { readonly tokens: LocalTokens; readonly sessions: Sessions; readonly oidc: OpenIdConnect | undefined; readonly secure: boolean }

/** How people get in, as the settings have it; the key is made on first use. @throws ConfigurationError */
export function accessParts(config: Config, nowMs: () => number): AccessParts {
  const signer = new Signer(readOrMakeKey(config.consoleKeyFile), nowMs);
  return { tokens: new LocalTokens(signer, config.home, nowMs), sessions: new Sessions(signer, nowMs), oidc: openIdConnect(config, signer, nowMs), secure: config.consoleUrl.startsWith('https:') };
}

function openIdConnect(config: Config, signer: Signer, nowMs: () => number): OpenIdConnect | undefined {
  const { TIDEWAITER_CONSOLE_OIDC_ISSUER: issuer, TIDEWAITER_CONSOLE_OIDC_CLIENT_ID: clientId, TIDEWAITER_CONSOLE_OIDC_CLIENT_SECRET_FILE: file, TIDEWAITER_CONSOLE_OIDC_ROLES_CLAIM: rolesClaim } = config;
  if (issuer === undefined) return undefined;
  const secret = file === undefined ? {} : { clientSecret: readSecret(file, 'TIDEWAITER_CONSOLE_OIDC_CLIENT_SECRET_FILE') };
  return new OpenIdConnect({ issuer, clientId, ...secret, rolesClaim, redirectUri: `${config.consoleUrl}/api/v1/oidc/callback` }, signer, nowMs);
}
