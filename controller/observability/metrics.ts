import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Store } from '../database/open.ts';

export interface MetricSources {
  readonly store: Store;
  readonly consoles: () => number;
  readonly broker: () => { clients: number; messagesIn: number; messagesOut: number; dropped: number } | null;
  readonly mediaQueue: () => number;
}

/** What `/metrics` shows, in Prometheus' text format. Gauges are read when somebody asks. */
export function createMetrics(sources: MetricSources): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Gauge({
    name: 'loa_devices',
    help: 'Devices by status',
    labelNames: ['status'],
    registers,
    collect() {
      this.reset();
      const rows = sources.store.sqlite
        .prepare<[], { status: string; count: number }>(
          'SELECT status, count(*) AS count FROM device WHERE removed_at IS NULL GROUP BY status',
        )
        .all();
      for (const { status, count } of rows) this.set({ status }, count);
    },
  });
  new Gauge({
    name: 'loa_consoles',
    help: 'Open consoles',
    registers,
    collect() {
      this.set(sources.consoles());
    },
  });
  new Gauge({
    name: 'loa_media_queue',
    help: 'Sound files waiting for transcoding or in it',
    registers,
    collect() {
      this.set(sources.mediaQueue());
    },
  });
  new Gauge({
    name: 'loa_broker_clients',
    help: 'Connections of the embedded broker',
    registers,
    collect() {
      const broker = sources.broker();
      if (broker !== null) this.set(broker.clients);
    },
  });
  for (const [name, help, pick] of [
    ['loa_broker_messages_in_total', 'Messages that the embedded broker received', 'messagesIn'],
    ['loa_broker_messages_out_total', 'Messages that the embedded broker delivered', 'messagesOut'],
    ['loa_broker_messages_dropped_total', 'QoS 0 messages dropped for a slow client', 'dropped'],
  ] as const) {
    new Counter({
      name,
      help,
      registers,
      collect() {
        const broker = sources.broker();
        if (broker === null) return;
        this.reset();
        this.inc(broker[pick]);
      },
    });
  }
  return registry;
}
