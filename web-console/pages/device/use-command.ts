import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api/ask.ts';
import type { Asked } from '../../api/client.ts';
import { api } from '../../api/client.ts';
import { useSay } from '../../parts/undo.tsx';

type Body = Asked<'POST /devices/{id}/commands'>['body'];

/** Sends a command; its progress is read from the list of commands. */
export function useCommand(id: string) {
  const client = useQueryClient();
  const say = useSay();
  return useMutation({
    mutationFn: (body: Body) => api('POST /devices/{id}/commands', { params: { id }, body }),
    onSuccess: () => client.invalidateQueries(ask('GET /devices/{id}/commands', { params: { id } })),
    onError: say.failed,
  });
}
