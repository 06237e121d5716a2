import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import type { Target } from '../http/contract/schedules.ts';
import type { BulletinRow } from './bulletin-rows.ts';

/** A bulletin as an adapter hands it over; what is not said is null. */
export interface Incoming {
  readonly sender: string;
  readonly externalId: string;
  readonly revision: number;
  readonly level: 'emergency' | 'priority' | 'normal';
  readonly title: string;
  readonly text: string | null;
  readonly language: string;
  readonly audioUrl: string | null;
  readonly wantedAt: number | null;
  readonly expiresAt: number | null;
  /** Where an emergency is for; none: everywhere. */
  readonly targets: readonly Target[];
}

export interface Withdrawal {
  readonly sender: string;
  readonly externalId: string;
  readonly revision: number;
  readonly reason: string | null;
}

/** What it says, in few letters: the same words are the same bulletin. */
export function digestOf(incoming: Incoming): string {
  const { level, title, text, language, audioUrl, wantedAt, expiresAt, targets } = incoming;
  const said = JSON.stringify([level, title, text, language, audioUrl, wantedAt, expiresAt, targets]);
  return createHash('sha256').update(said).digest('hex');
}

/** As it goes into the table, received and nothing more. */
export function rowOf(incoming: Incoming, digest: string, now: number): BulletinRow {
  return {
    ...{ id: ulid(now), sender: incoming.sender, external_id: incoming.externalId },
    ...{ revision: incoming.revision, digest, level: incoming.level, title: incoming.title.slice(0, 200) },
    ...{ text: incoming.text, language: incoming.language, audio_url: incoming.audioUrl },
    ...{ wanted_at: incoming.wantedAt, expires_at: incoming.expiresAt },
    targets: JSON.stringify(incoming.targets),
    ...{ asset_id: null, programme_id: null, schedule_id: null, incident_id: null },
    ...{ state: 'received', reason: null, wish: null, collisions: '[]' },
    ...{ received_at: now, updated_at: now },
  };
}

/** One that was withdrawn before it came: nothing is known of it but its name. */
export function unseen({ sender, externalId, revision }: Withdrawal, now: number): BulletinRow {
  const nothing = { text: null, audioUrl: null, wantedAt: null, expiresAt: null, targets: [] };
  const incoming: Incoming = {
    ...nothing,
    sender,
    externalId,
    revision,
    level: 'normal',
    title: externalId,
    language: 'vi',
  };
  return rowOf(incoming, '', now);
}
