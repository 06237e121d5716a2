import type { Client } from './client.ts';

/** Tests play when they run: at night, in the midday rest. Of a site's guards only those stay that a test sets itself. */
export async function allowAnyHour(client: Client): Promise<void> {
  const { value } = await client.call('GET /policies/guards');
  const body = { ...value, allowed: [{ from: '00:00', until: '24:00' }] };
  await client.call('PUT /policies/guards', { body });
}
