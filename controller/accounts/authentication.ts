import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { username } from 'better-auth/plugins';
import type { Store } from '../database/open.ts';
import { ROLES } from '../http/contract/route.ts';
import { isSameOrigin } from '../http/same-origin.ts';

/** Sessions end after this much idleness; each use renews them. R35 will make it shorter by role. */
const SESSION_SECONDS = 8 * 3_600;

/**
 * Accounts and sessions: `better-auth` on the controller's own database. Nobody signs up: accounts are made by an
 * administrator.
 * @param options `secret` signs cookies; `publicUrl` is where browsers reach the console.
 */
export function createAuthentication(store: Store, options: { secret: string; publicUrl: string }) {
  return betterAuth({
    appName: 'Loa Phường',
    database: store.sqlite,
    secret: options.secret,
    baseURL: options.publicUrl,
    basePath: '/api/auth',
    telemetry: { enabled: false },
    logger: { level: 'error' },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 200 },
    plugins: [username({ minUsernameLength: 3, maxUsernameLength: 60 })],
    user: {
      additionalFields: {
        role: { type: [...ROLES], required: true, input: false, defaultValue: 'viewer' },
        mustChangePassword: { type: 'boolean', required: true, input: false, defaultValue: false },
        // Not required: a database of before has people without it.
        disabled: { type: 'boolean', required: false, input: false, defaultValue: false },
      },
    },
    databaseHooks: { session: { create: { before: async ({ userId }) => !isDisabled(store, userId) } } },
    session: { expiresIn: SESSION_SECONDS, updateAge: 600 },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      customRules: {
        '/sign-in/username': { window: 60, max: 10 },
        '/sign-in/email': { window: 60, max: 10 },
        '/change-password': { window: 60, max: 10 },
      },
    },
    // The console is reached by several names: the ward's host name, an address on the LAN, localhost.
    trustedOrigins: (request) => {
      const origin = request?.headers.get('origin');
      const host = request?.headers.get('host');
      return origin !== null && origin !== undefined && isSameOrigin(origin, host ?? undefined)
        ? [origin]
        : [];
    },
    advanced: {
      cookiePrefix: 'loa',
      useSecureCookies: options.publicUrl.startsWith('https:'),
      ipAddress: { ipAddressHeaders: ['x-loa-remote-address'] },
    },
  });
}

/** Whoever is shut out signs in no more; sessions that were open end when the account is shut. */
function isDisabled({ sqlite }: Store, user: string): boolean {
  return sqlite.prepare('SELECT 1 FROM user WHERE id = ? AND disabled = 1').get(user) !== undefined;
}

export type Authentication = ReturnType<typeof createAuthentication>;

/** Makes or extends the tables of accounts and sessions. */
export async function migrateAccounts(authentication: Authentication): Promise<void> {
  const { runMigrations } = await getMigrations(authentication.options);
  await runMigrations();
}
