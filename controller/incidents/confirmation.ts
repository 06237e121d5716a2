import type { Row } from '../database/schema.ts';
import { Failure } from '../failure.ts';
import type { EmergencyPolicy } from '../http/contract/policies.ts';
import type { Actor } from './actor.ts';

/** What a confirmation leads to. */
export type Step = 'send' | 'wait' | 'send-as-second' | 'break-glass';

type Asked = Pick<
  Row<'incident'>,
  'state' | 'title' | 'drill' | 'stored_message_id' | 'confirmed_by' | 'confirmed_by_id'
>;

/** Whether the policy asks for a second person. A silent drill sounds nowhere and needs none. */
export const needsSecond = (
  incident: Asked,
  { secondPerson }: Pick<EmergencyPolicy, 'secondPerson'>,
): boolean =>
  incident.drill !== 'silent' &&
  (secondPerson === 'always' || (secondPerson === 'new-text' && incident.stored_message_id === null));

/**
 * What follows when somebody confirms. Another system has no account, and never stands for a person.
 * @param glass whether it is to be sent by one person alone.
 * @throws Failure 409 `incident-over`, `already-active`, `second-person-needed`; 403 `no-break-glass`.
 */
export function stepOf(
  incident: Asked,
  policy: Pick<EmergencyPolicy, 'secondPerson' | 'breakGlass'>,
  actor: Actor,
  glass: boolean,
): Step {
  const { state, title, confirmed_by_id: first, confirmed_by: name } = incident;
  if (state !== 'draft' && state !== 'waiting') {
    const over = state !== 'active';
    throw new Failure(
      over ? 'incident-over' : 'already-active',
      over ? `“${title}” is over; draw up another one.` : `“${title}” was sent already.`,
      { status: 409, params: { title, state } },
    );
  }
  if (!needsSecond(incident, policy)) return 'send';
  if (state === 'waiting' && actor.id !== null && actor.id !== first) return 'send-as-second';
  if (glass) {
    if (policy.breakGlass) return 'break-glass';
    throw new Failure(
      'no-break-glass',
      'An administrator has decided that nobody sends an emergency alone here; a second person must confirm it.',
      { status: 403 },
    );
  }
  if (state === 'draft') return 'wait';
  throw new Failure(
    'second-person-needed',
    `“${title}” was confirmed by ${name ?? 'you'} already; another person must confirm it too.`,
    { status: 409, params: { title, name: name ?? '' } },
  );
}
