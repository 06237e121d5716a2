import type { Store } from '#controller/database/open';
import { SiteGuards } from '#controller/guards/site-guards';
import { GuardsPolicy } from '#controller/http/contract/policies';
import type { Client } from './client.ts';

/** Tests play when they run: at night, in the midday rest. Of a site's guards only those stay that a test sets itself. */
export async function allowAnyHour(client: Client): Promise<void> {
  const { value } = await client.call('GET /policies/guards');
  const body = { ...value, allowed: [{ from: '00:00', until: '24:00' }] };
  await client.call('PUT /policies/guards', { body });
}

/** The guards of a site that has none, for a test that makes its rooms by hand. */
export function noGuards(store: Store, zone = 'Asia/Ho_Chi_Minh'): SiteGuards {
  const policy = GuardsPolicy.parse({ allowed: [{ from: '00:00', until: '24:00' }], longestMinutes: 1_440 });
  return new SiteGuards({ store, zone, policy: () => policy });
}
