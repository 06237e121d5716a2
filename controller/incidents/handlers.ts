import type { incidentRoutes } from '../http/contract/incidents.ts';
import type { Handlers } from '../http/handlers.ts';
import type { IncidentReports } from '../reports/incident-reports.ts';
import type { Incidents } from './incidents.ts';
import type { StoredMessages } from './stored-messages.ts';

export interface IncidentHandlersDeps {
  readonly incidents: Incidents;
  readonly storedMessages: StoredMessages;
  readonly reports: IncidentReports;
}

/** Emergencies and drills, and the messages that are stored for them. */
export function incidentHandlers({
  incidents,
  storedMessages,
  reports,
}: IncidentHandlersDeps): Handlers<typeof incidentRoutes> {
  return {
    'GET /incidents': async ({ query: { limit, cursor, ...filter } }) =>
      incidents.list(filter, { limit, cursor }),
    'GET /incidents/{id}': async ({ params: { id } }) => incidents.view(id),
    'GET /incidents/{id}/silent': async ({ params: { id } }) => incidents.silent(id),
    'POST /incidents': async ({ body, caller }) => incidents.drawUp(body, caller),
    'POST /incidents/{id}/confirm': async ({ params: { id }, body: { breakGlass }, caller }) =>
      incidents.confirm(id, caller, breakGlass?.reason ?? null),
    'POST /incidents/{id}/update': async ({ params: { id }, body, caller }) =>
      incidents.update(id, body, caller),
    'POST /incidents/{id}/all-clear': async ({ params: { id }, body: { text }, caller }) =>
      incidents.allClear(id, text, caller),
    'POST /incidents/{id}/cancel': async ({ params: { id }, caller }) => incidents.cancel(id, caller),
    'POST /incidents/{id}/review': async ({ params: { id }, body, caller }) =>
      incidents.review(id, body, caller),
    'GET /incidents/{id}/report': async ({ params: { id }, response }) => {
      const { filename, pdf } = await reports.report(id);
      response
        .status(200)
        .set('Cache-Control', 'no-store')
        .set('Content-Type', 'application/pdf')
        .set('Content-Disposition', `inline; filename="${filename}"`)
        .send(pdf);
      return undefined;
    },
    'GET /stored-messages': async () => storedMessages.list(),
    'POST /stored-messages': async ({ body, caller }) => storedMessages.add(body, caller),
    'PATCH /stored-messages/{id}': async ({ params: { id }, body, caller }) =>
      storedMessages.change(id, body, caller),
    'DELETE /stored-messages/{id}': async ({ params: { id }, caller }) => {
      storedMessages.remove(id, caller);
      return {};
    },
  };
}
