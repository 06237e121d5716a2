import type { AlertRow } from './alert-rows.ts';
import type { Admitted } from './intake.ts';
import type { Judgement } from './judgement.ts';
import { inOneLanguage, languageOf } from './languages.ts';
import type { CapInfo, CapMessage } from './message.ts';
import { wordsOf } from './spoken.ts';

/** A message as it goes into the table; its state and reason are the caller's to say. */
export function rowOf(
  id: string,
  { message, signature, xml }: Admitted,
  { main, words, level, language, areaText, affected, drill, expires }: Judgement,
  via: string,
  now: number,
): AlertRow {
  return {
    ...columnsOf(message, main),
    ...{ id, via, language, level, signature, xml, drill, expires },
    title: words.title || message.identifier,
    words: words.text || message.note || '',
    area_text: areaText,
    targets: JSON.stringify(affected.targets),
    devices: affected.devices.size,
    ...{ state: 'noted', reason: null, incident_id: null, bulletin_id: null, follows_id: null },
    ...{ received_at: now, updated_at: now },
  };
}

/** One that was turned away: as it says itself, for nobody here. */
export function rowOfRefused(
  id: string,
  message: CapMessage,
  { xml, reason, via, now }: { xml: string; reason: string; via: string; now: number },
): AlertRow {
  const infos = inOneLanguage(message.infos, ['vi', 'en']);
  const [main = null] = infos;
  const { title, text } = wordsOf(infos);
  return {
    ...columnsOf(message, main),
    ...{ id, via, xml, reason, signature: 'unsigned', level: 'none', drill: null },
    language: main === null ? 'vi' : languageOf(main),
    expires: main?.expires ?? null,
    ...{ title: title || message.identifier, words: text },
    area_text: infos.flatMap(({ areas }) => areas.map(({ description }) => description)).join('; '),
    ...{ targets: '[]', devices: 0 },
    ...{ state: 'refused', incident_id: null, bulletin_id: null, follows_id: null },
    ...{ received_at: now, updated_at: now },
  };
}

const columnsOf = (
  { sender, identifier, sent, status, msgType }: CapMessage,
  main: CapInfo | null,
): Pick<
  AlertRow,
  | ('sender' | 'identifier' | 'sent' | 'status' | 'msg_type' | 'event')
  | ('headline' | 'description' | 'instruction' | 'severity' | 'urgency' | 'certainty')
> => ({
  ...{ sender, identifier, sent, status, msg_type: msgType },
  event: main?.event ?? msgType,
  headline: main?.headline ?? null,
  description: main?.description ?? null,
  instruction: main?.instruction ?? null,
  severity: main?.severity ?? 'Unknown',
  urgency: main?.urgency ?? 'Unknown',
  certainty: main?.certainty ?? 'Unknown',
});
