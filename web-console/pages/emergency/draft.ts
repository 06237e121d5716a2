import type { StoredMessage } from '#controller/http/contract/incidents';
import type { Asked } from '../../api/client.ts';
import { targetOf } from '../on-air/reach.ts';

/** Where and how the next alarm sounds, and what was typed for it. */
export interface Draft {
  /** `{kind}:{id}` */
  targets: string[];
  /** Undefined: the site's own siren, whichever that is; null: none. */
  siren?: string | null;
  repeats: number;
  minutes: number;
  writing: boolean;
  title: string;
  heading: string;
  text: string;
}

export const FRESH: Draft = {
  targets: ['all:'],
  repeats: 3,
  minutes: 60,
  writing: false,
  title: '',
  heading: '',
  text: '',
};

export type IncidentBody = Asked<'POST /incidents'>['body'];

const whereAndHow = ({ targets, siren, repeats, minutes }: Draft) => ({
  targets: targets.map(targetOf),
  siren: siren !== null,
  sirenAssetId: siren ?? null,
  repeats,
  minutes,
});

export const ofStored = (draft: Draft, message: StoredMessage): IncidentBody => ({
  ...whereAndHow(draft),
  title: message.title,
  heading: message.heading,
  text: message.text,
  language: message.language,
  storedMessageId: message.id,
});

export const ofTyped = (draft: Draft): IncidentBody => ({
  ...whereAndHow(draft),
  title: draft.title.trim(),
  heading: draft.heading.trim() === '' ? null : draft.heading.trim(),
  text: draft.text.trim(),
});
