/** What a heartbeat chart can show, by the names of the series. */
export const measures = ['clockErrorMs', 'temperatureC', 'mainsV', 'signalDbm', 'outbox', 'beats'] as const;
export type Measure = (typeof measures)[number];
