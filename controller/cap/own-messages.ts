import { decodeTime } from 'ulid';
import type { Store } from '../database/open.ts';
import type { Incident } from '../http/contract/incidents.ts';
import type { Policy } from '../http/contract/policies.ts';
import type { OwnMessage } from './write-message.ts';

export interface OwnMessagesDeps {
  readonly store: Store;
  /** As the interface shows it. */
  readonly incident: (id: string) => Incident;
  readonly geocodes: () => Policy<'cap'>['geocodes'];
  readonly siteName: string;
  readonly publicUrl: string;
}

/** Incidents that the feed tells of; older ones are still found by their address. */
const IN_FEED = 30;
const END = '.end';

/** The incidents of this site as others are told of them. What came in by CAP is its own sender's to tell. */
export class OwnMessages {
  readonly #deps: OwnMessagesDeps;

  constructor(deps: OwnMessagesDeps) {
    this.#deps = deps;
  }

  /** Unique in the world, as the standard asks for: by the name of the host. */
  get sender(): string {
    return `loa@${new URL(this.#deps.publicUrl).hostname.replaceAll(/[[\]]/g, '')}`;
  }

  /** Newest first. */
  latest(): OwnMessage[] {
    return this.#deps.store.sqlite
      .prepare<[], string>(
        `SELECT id FROM incident WHERE activated_at IS NOT NULL AND source <> 'cap' ORDER BY id DESC LIMIT ${IN_FEED}`,
      )
      .pluck()
      .all()
      .flatMap((id) => this.#messagesOf(this.#deps.incident(id)).reverse())
      .sort((a, b) => b.sent - a.sent);
  }

  /** @param identifier of a message. */
  find(identifier: string): OwnMessage | undefined {
    const id = identifier.endsWith(END) ? identifier.slice(0, -END.length) : this.#incidentOf(identifier);
    const known =
      id !== undefined &&
      this.#deps.store.sqlite
        .prepare(`SELECT 1 FROM incident WHERE id = ? AND activated_at IS NOT NULL AND source <> 'cap'`)
        .get(id) !== undefined;
    if (!known) return undefined;
    return this.#messagesOf(this.#deps.incident(id)).find((message) => message.identifier === identifier);
  }

  #incidentOf(message: string): string | undefined {
    return this.#deps.store.sqlite
      .prepare<[string], string>('SELECT incident_id FROM incident_message WHERE id = ?')
      .pluck()
      .get(message);
  }

  /** In their order. What is told once is told the same for ever: its name and moment are of what never changes. */
  #messagesOf(incident: Incident): OwnMessage[] {
    const { activatedAt, endedAt, state, messages } = incident;
    const told: OwnMessage[] = [];
    const tell = (
      identifier: string,
      sent: number,
      msgType: OwnMessage['msgType'],
      words: { readonly heading: string | null; readonly text: string },
    ): void => {
      const references = told.map((before) => ({ identifier: before.identifier, sent: before.sent }));
      told.push({
        ...this.#common(incident),
        identifier,
        sent,
        msgType,
        references,
        ...said(incident, words),
      });
    };
    for (const message of messages) {
      if (message.kind === 'alert') tell(message.id, activatedAt ?? 0, 'Alert', message);
      else if (message.kind === 'update') tell(message.id, decodeTime(message.id), 'Update', message);
    }
    if (state !== 'cleared' || endedAt === null) return told;
    const words = messages.find(({ kind }) => kind === 'all-clear');
    tell(`${incident.id}${END}`, endedAt, 'Cancel', {
      heading: null,
      text: words?.text ?? overText(incident),
    });
    return told;
  }

  #common({ drill, language, targets, expiresAt }: Incident) {
    const { siteName, publicUrl, geocodes } = this.#deps;
    const everywhere = targets.some(({ kind }) => kind === 'all');
    return {
      ...{ sender: this.sender, language, expires: expiresAt, senderName: siteName, web: publicUrl },
      status: drill === null ? ('Actual' as const) : ('Exercise' as const),
      areaText: everywhere ? siteName : targets.map(({ name }) => name).join('; '),
      geocodes: geocodes()
        .filter(({ target }) => targets.some(({ kind, id }) => kind === target.kind && id === target.id))
        .map(({ valueName, value }) => ({ valueName, value })),
    };
  }
}

const said = (
  { title }: Incident,
  { heading, text }: { readonly heading: string | null; readonly text: string },
): Pick<OwnMessage, 'event' | 'headline' | 'description'> => ({
  event: title,
  headline: heading ?? title,
  description: text,
});

const overText = ({ title, language }: Incident): string =>
  /^vi\b/i.test(language) ? `“${title}” đã kết thúc.` : `“${title}” is over.`;
