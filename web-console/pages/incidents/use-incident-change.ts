import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Incident } from '#controller/http/contract/incidents';
import { ask } from '../../api/ask.ts';

/** Something done about an incident; the answer takes the place of what is shown, and the lists follow. */
export function useIncidentChange<T>(act: (asked: T) => Promise<Incident>, after: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (incident) => {
      client.setQueryData(ask('GET /incidents/{id}', { params: { id: incident.id } }).queryKey, incident);
      void client.invalidateQueries({ queryKey: ['GET /incidents'] });
      after();
    },
  });
}
