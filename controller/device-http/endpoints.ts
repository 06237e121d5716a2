import type { Request } from 'express';
import { MQTT_PATH } from '../broker/websocket-relay.ts';
import type { Endpoints } from '../registry/pairing.ts';

export interface EndpointSettings {
  /** LOA_PUBLIC_URL, LOA_MQTT_PUBLIC_URL and LOA_MQTT_URL, where they are set. */
  readonly publicUrl: string | undefined;
  readonly brokerPublicUrl: string | undefined;
  readonly externalBroker: string | undefined;
  /** Of the embedded broker; asked when needed, since any free port may be wanted. */
  readonly mqttPort: () => number;
  /** Whether that port speaks TLS. */
  readonly mqttTls: boolean;
  readonly webSocket: boolean;
}

/**
 * Where a device finds the broker and the files: what the settings say, and else the host through which it reached us,
 * since that one is known to work for it.
 */
export function endpointsFor(settings: EndpointSettings, request: Request): Endpoints {
  const base = new URL(settings.publicUrl ?? `${request.protocol}://${request.host}`);
  const http = base.href.replace(/\/$/, '');
  if (settings.brokerPublicUrl !== undefined) return { http, brokers: [settings.brokerPublicUrl] };
  if (settings.externalBroker !== undefined) {
    const broker = new URL(settings.externalBroker);
    broker.username = '';
    broker.password = '';
    return { http, brokers: [broker.href] };
  }
  const brokers = [`${settings.mqttTls ? 'mqtts' : 'mqtt'}://${base.hostname}:${settings.mqttPort()}`];
  if (settings.webSocket) {
    const webSocket = new URL(MQTT_PATH, base);
    webSocket.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
    brokers.push(webSocket.href);
  }
  return { http, brokers };
}
