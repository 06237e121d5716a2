import { DOWN, downTopic, EVERY_DEVICE, groupTopic, HOST_STATE, parseUpTopic } from './topics.ts';

/**
 * Who may say and hear what. One policy, from which the hooks of the embedded broker are made and, later, the
 * rule files of other brokers. Everything not allowed here is refused (R30).
 */

/** A device publishes under its own `up/{p}/{device}/` and nowhere else. */
export function mayPublish(device: string, topic: string): boolean {
  return parseUpTopic(topic)?.device === device;
}

/**
 * A device hears its own `down/`, `host/state`, what is meant for every device, and the groups it was put in. Filters are compared whole: a
 * wildcard, `$share` or `$SYS` matches nothing here, and so is refused.
 */
export function maySubscribe(device: string, filter: string, groups: ReadonlySet<string>): boolean {
  if (filter === HOST_STATE.topic || filter === groupTopic(EVERY_DEVICE)) return true;
  for (const kind of Object.keys(DOWN) as (keyof typeof DOWN)[]) {
    if (filter === downTopic(device, kind)) return true;
  }
  const match = /^loa\/v1\/group\/([^/+#]+)\/command$/.exec(filter);
  return match?.[1] !== undefined && groups.has(match[1]);
}
