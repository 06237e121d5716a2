import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Store } from '../database/open.ts';

export interface MetricSources {
  readonly store: Store;
  readonly consoles: () => number;
  readonly broker: () => { clients: number; received: number; delivered: number; dropped: number } | null;
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
      const waiting = sources.store.sqlite
        .prepare<[], number>("SELECT count(*) FROM asset WHERE state IN ('queued', 'working')")
        .pluck()
        .get();
      this.set(waiting ?? 0);
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
    ['loa_broker_messages_in_total', 'Messages that the embedded broker received', 'received'],
    ['loa_broker_messages_out_total', 'Messages that the embedded broker delivered', 'delivered'],
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
