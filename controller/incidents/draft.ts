import type { Logger } from 'pino';
import { ulid } from 'ulid';
import type { BlobStore } from '../blobs/store.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import type { Target } from '../http/contract/schedules.ts';
import type { Library } from '../library/library.ts';
import { storeScene } from '../library/scene-of.ts';
import { DEFAULT_SIREN } from '../library/siren.ts';
import type { Policies } from '../policies/policies.ts';
import { devicesOfTargets } from '../timetable/reach.ts';
import { checkTargets } from '../timetable/schedule-check.ts';
import type { Actor } from './actor.ts';
import { type EmergencyWords, emergencyScene } from './emergency-scene.ts';
import type { IncidentRow, IncidentRows, MessageRow } from './incident-rows.ts';
import { noCounts } from './reached.ts';
import { isChoosable, isSiren, soundState } from './sounds.ts';
import type { StoredMessages } from './stored-messages.ts';

/** What an incident is drawn up from. */
export interface IncidentRequest {
  /** Who it comes from; a person unless told otherwise. */
  readonly source?: IncidentRow['source'];
  readonly title: string;
  /** Shown above the text on boards; not spoken. At most 200 characters. */
  readonly heading: string | null;
  /** Spoken and shown. At most 2,000 characters. */
  readonly text: string;
  /** BCP 47; there must be a voice for it. */
  readonly language: string;
  readonly targets: readonly Target[];
  /** Null: the one of the policy, else the built-in one. */
  readonly sirenAssetId: string | null;
  /** Whether it sounds before the words; it does unless told otherwise. */
  readonly siren?: boolean;
  readonly repeats: number;
  readonly storedMessageId: string | null;
  /** How long it holds unless it is ended. */
  readonly minutes: number;
  readonly drill: IncidentRow['drill'];
}

export interface DraftDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly rows: IncidentRows;
  readonly blobs: BlobStore;
  readonly library: Pick<Library, 'speak'>;
  readonly policies: Pick<Policies, 'read'>;
  readonly storedMessages: StoredMessages;
}

interface Words {
  readonly kind: MessageRow['kind'];
  readonly heading: string | null;
  readonly text: string;
  readonly siren: boolean;
  readonly repeats: number;
}

/** Draws up incidents and their messages: words become speech and a scene of the boards before anything is sent. */
export class Draft {
  readonly #deps: DraftDeps;

  constructor(deps: DraftDeps) {
    this.#deps = deps;
  }

  /** @returns its id. @throws Failure as {@link Incidents.drawUp} tells. */
  async incident(request: IncidentRequest, by: Actor): Promise<string> {
    const { store, clock, rows, log, policies, storedMessages } = this.#deps;
    const { title, heading, text, language, repeats, minutes, drill, source = 'person' } = request;
    const targets = checkTargets(store, request.targets);
    if (devicesOfTargets(store, targets).size === 0) {
      throw new Failure(
        'nobody-to-play',
        `None of the chosen areas has a device; “${title}” would reach nobody.`,
        {
          status: 422,
          params: { title },
        },
      );
    }
    const stored = request.storedMessageId === null ? null : storedMessages.row(request.storedMessageId);
    const asItStands =
      stored !== null && stored.text === text && stored.heading === heading && stored.language === language;
    const { drillText } = policies.read('emergency');
    const framed = drill === 'audible' && drillText !== '';
    const drillAsset = framed ? await storedMessages.drillSound(drillText, language, by) : null;
    const asset = asItStands ? stored.asset_id : await this.#speak(title, text, language, by);
    const frame = drill === null || drillText === '' ? null : drillText;
    const scene = await this.#scene({ heading, text, title, language, drill: drill !== null, frame });
    const now = Math.round(clock.now());
    const id = ulid(now);
    rows.transaction(() => {
      rows.insert({
        ...{ id, drill, source, title, language, state: 'draft', repeats, minutes },
        targets: JSON.stringify(targets),
        siren_asset_id: this.#siren(request.sirenAssetId),
        stored_message_id: asItStands ? stored.id : null,
        ...{ drill_text: frame, drill_asset_id: drillAsset, counts: JSON.stringify(noCounts()) },
        ...{ created_at: now, created_by: by.name, created_by_id: by.id },
      });
      const words = { kind: 'alert' as const, heading, text, siren: request.siren ?? true, repeats };
      this.#insert(rows.incident(id), words, { asset, scene }, by);
    });
    log.info(
      {
        audit: 'incident-drawn-up',
        incident: id,
        title,
        targets,
        drill,
        source,
        by: by.name,
        account: by.id,
      },
      'an incident was drawn up',
    );
    return id;
  }

  /** A further message of an incident. @throws Failure `language-not-spoken`. */
  async message(incident: IncidentRow, words: Words, by: Actor): Promise<MessageRow> {
    const { language, title, drill, drill_text: frame } = incident;
    const asset = await this.#speak(title, words.text, language, by);
    const scene =
      words.kind === 'all-clear'
        ? null
        : await this.#scene({ ...words, title, language, drill: drill !== null, frame });
    return this.#insert(incident, words, { asset, scene }, by);
  }

  #insert(
    incident: IncidentRow,
    { kind, heading, text, siren, repeats }: Words,
    { asset, scene }: { readonly asset: string; readonly scene: string | null },
    by: Actor,
  ): MessageRow {
    const { store, clock, rows } = this.#deps;
    const now = Math.round(clock.now());
    const id = ulid(now);
    const sounds = incident.drill_asset_id === null ? [asset] : [asset, incident.drill_asset_id];
    const ready = sounds.every((sound) => soundState(store, sound) === 'ready');
    rows.insertMessage({
      ...{ id, incident_id: incident.id, kind, heading, text, repeats, by: by.name, created_at: now },
      ...{ asset_id: asset, scene_sha256: scene, siren: siren ? 1 : 0, state: ready ? 'ready' : 'preparing' },
    });
    return rows.message(id);
  }

  #speak(title: string, text: string, language: string, by: Actor): Promise<string> {
    return this.#deps.library.speak(title.slice(0, 200), { text, language }, by.id);
  }

  #scene(words: EmergencyWords): Promise<string> {
    const { blobs, clock } = this.#deps;
    return storeScene(blobs, emergencyScene(words), Math.round(clock.now()));
  }

  /** @throws Failure `unknown-sound`. */
  #siren(wanted: string | null): string | null {
    const { store, policies } = this.#deps;
    const usual = policies.read('emergency').sirenAssetId;
    // Anything else would be words that nobody confirmed, and that no device holds.
    if (wanted !== null && wanted !== usual && !isSiren(store, wanted)) {
      throw new Failure(
        'unknown-sound',
        `There is no sound ${wanted} to sound as a siren; choose another one.`,
        {
          status: 422,
          params: { id: wanted },
        },
      );
    }
    const candidates = [wanted, usual, DEFAULT_SIREN];
    return candidates.find((id) => id !== null && isChoosable(store, id)) ?? null;
  }
}
