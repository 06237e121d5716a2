import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CommandState } from '#controller/http/contract/devices';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useSay } from '../../parts/undo.tsx';

const OVER: ReadonlySet<CommandState['state']> = new Set(['ended', 'rejected', 'expired']);
/** While a picture is awaited the list of commands is asked for so often, beside what is told live. */
const LOOK_MS = 2_000;

export interface Capture {
  take(): void;
  /** Whether a picture is on its way. */
  readonly busy: boolean;
  /** How far the asking came; null before the first one, and once its picture is here. */
  readonly state: CommandState | null;
}

/** Takes a picture of what a board really shows, and follows it until it is here. @param pictureAt of the newest, epoch ms. */
export function useCapture(id: string, pictureAt: number | null): Capture {
  const client = useQueryClient();
  const say = useSay();
  const [asked, setAsked] = useState<CommandState | null>(null);
  const send = useMutation({
    mutationFn: () =>
      api('POST /devices/{id}/commands', { params: { id }, body: { v: 1, type: 'capture', seconds: 1 } }),
    onSuccess: (state) => {
      setAsked(state);
      void client.invalidateQueries(ask('GET /devices/{id}/commands', { params: { id } }));
    },
    onError: say.failed,
  });
  const arrived = asked !== null && pictureAt !== null && pictureAt >= asked.issuedAt;
  const commands = useQuery({
    ...ask('GET /devices/{id}/commands', { params: { id } }),
    enabled: asked !== null && !arrived,
    refetchInterval: ({ state: { data } }) =>
      data?.some((one) => one.id === asked?.id && OVER.has(one.state)) ? false : LOOK_MS,
  });
  const state =
    asked === null || arrived ? null : (commands.data?.find((one) => one.id === asked.id) ?? asked);
  return {
    take: () => send.mutate(),
    busy: send.isPending || (state !== null && !OVER.has(state.state)),
    state,
  };
}
