import type { alertRoutes } from '../http/contract/alerts.ts';
import type { Incident } from '../http/contract/incidents.ts';
import type { Handlers } from '../http/handlers.ts';
import { viewOf } from './alert-rows.ts';
import type { Alerts } from './alerts.ts';
import type { Feeds } from './feeds.ts';

export interface AlertHandlerDeps {
  readonly alerts: Alerts;
  readonly feeds: Feeds;
  /** As the interface shows it. */
  readonly incident: (id: string) => Incident;
}

/** The operations on alerts that came in. */
export function alertHandlers({ alerts, feeds, incident }: AlertHandlerDeps): Handlers<typeof alertRoutes> {
  return {
    'GET /alerts': async ({ query }) => alerts.rows.page(query),
    'GET /alert-feeds': async () => feeds.list(),
    'GET /alerts/{id}': async ({ params: { id } }) => viewOf(alerts.rows.get(id)),
    'GET /alerts/{id}/xml': async ({ params: { id }, response }) => {
      const { xml } = alerts.rows.get(id);
      // As a file: nobody's words are shown as a page of ours.
      response
        .set('Cache-Control', 'private, no-store')
        .set('Content-Disposition', `attachment; filename="${id}.xml"`)
        .type('application/cap+xml')
        .send(xml);
      return undefined;
    },
    'POST /alerts/{id}/accept': async ({ params: { id }, caller }) =>
      incident(await alerts.accept(id, caller.name)),
    'POST /alerts/{id}/dismiss': async ({ params: { id }, body: { reason }, caller }) =>
      alerts.dismiss(id, reason, caller.name),
  };
}
