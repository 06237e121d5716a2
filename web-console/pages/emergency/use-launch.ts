import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Incident } from '#controller/http/contract/incidents';
import { ask } from '../../api/ask.ts';
import { type Asked, api } from '../../api/client.ts';
import { ProblemError } from '../../api/problem.ts';
import { insist } from './insist.ts';

/**
 * How far an alarm came: `drawing` it is drawn up, `drawn` it waits for the person, `asking` the person has confirmed and
 * the controller is being told, `done` it has answered, `refused` it says no.
 */
export type LaunchStep = 'drawing' | 'drawn' | 'asking' | 'done' | 'refused';

export interface Launch {
  readonly step: LaunchStep;
  /** Attempts in vain of this step. */
  readonly tries: number;
  readonly error: unknown;
  readonly incident: Incident | null;
  confirm(breakGlass: { reason: string } | null): void;
  /** Withdraws what was drawn up. */
  giveUp(): void;
}

/**
 * Draws an incident up as soon as it is looked at, so that confirming it is one message and the speech of a new text is
 * made meanwhile. Over a bad link both are tried until they pass.
 * @param body must stay the same object while the same alarm is meant.
 */
export function useLaunch(
  body: Asked<'POST /incidents'>['body'],
  sent: (incident: Incident) => void,
): Launch {
  const client = useQueryClient();
  const [state, setState] = useState<Pick<Launch, 'step' | 'tries' | 'error' | 'incident'>>({
    step: 'drawing',
    tries: 0,
    error: null,
    incident: null,
  });
  const ending = useRef(new AbortController());
  const draft = useRef<Promise<Incident>>(null);
  const told = useRef(sent);
  told.current = sent;

  useEffect(() => {
    const abort = new AbortController();
    ending.current = abort;
    const tried = (error: unknown) => setState((before) => ({ ...before, tries: before.tries + 1, error }));
    const drawn = insist(() => api('POST /incidents', { body }), tried, abort.signal);
    draft.current = drawn;
    drawn.then(
      (incident) =>
        setState((before) =>
          before.step === 'drawing'
            ? { step: 'drawn', tries: 0, error: null, incident }
            : { ...before, incident },
        ),
      (error: unknown) => {
        if (!abort.signal.aborted) setState((before) => ({ ...before, step: 'refused', error }));
      },
    );
    return () => abort.abort();
  }, [body]);

  const confirm = useCallback(
    (breakGlass: { reason: string } | null) => {
      const { signal } = ending.current;
      setState((before) => ({ ...before, step: 'asking', tries: 0, error: null }));
      const go = async () => {
        const drawn = await draft.current;
        if (drawn === null) return;
        const params = { id: drawn.id };
        const incident = await insist(
          async () => {
            try {
              return await api('POST /incidents/{id}/confirm', { params, body: { breakGlass } });
            } catch (error) {
              // An answer that was lost on the way: it was confirmed by the attempt before.
              if (!(error instanceof ProblemError) || error.problem.status !== 409) throw error;
              const now = await api('GET /incidents/{id}', { params });
              if (now.state === 'draft' || now.state === 'cancelled') throw error;
              return now;
            }
          },
          (error) => setState((before) => ({ ...before, tries: before.tries + 1, error })),
          signal,
        );
        client.setQueryData(ask('GET /incidents/{id}', { params }).queryKey, incident);
        void client.invalidateQueries({ queryKey: ['GET /incidents'] });
        setState({ step: 'done', tries: 0, error: null, incident });
        told.current(incident);
      };
      go().catch((error: unknown) => {
        if (!signal.aborted) setState((before) => ({ ...before, step: 'refused', error }));
      });
    },
    [client],
  );

  const giveUp = useCallback(() => {
    ending.current.abort();
    const withdraw = async ({ id }: Incident) => {
      const params = { id };
      await api('POST /incidents/{id}/cancel', { params }).catch(async (error: unknown) => {
        if (!(error instanceof ProblemError) || error.problem.status !== 409) throw error;
        // It was confirmed by an attempt whose answer was lost: it sounds, and the person must see that it does.
        const now = await api('GET /incidents/{id}', { params });
        if (now.state === 'active') told.current(now);
      });
      await client.invalidateQueries({ queryKey: ['GET /incidents'] });
    };
    // Without a link nothing can be withdrawn: a draft is only untidy, and what sounds is told on every page.
    draft.current?.then(withdraw).catch(() => {});
  }, [client]);

  return { ...state, confirm, giveUp };
}
