import type { Target } from '../http/contract/schedules.ts';

export interface AlarmRequest {
  readonly source: 'cap' | 'province';
  readonly title: string;
  readonly heading: string | null;
  readonly text: string;
  /** BCP 47. */
  readonly language: string;
  readonly targets: readonly Target[];
  readonly minutes: number;
  readonly drill: 'silent' | 'audible' | null;
  /** Whose word it is: the sender of an alert or bulletin, or the person who took it on. */
  readonly by: string;
}

/** What alerts and bulletins do with incidents. */
export interface Alarm {
  /** Draws an incident up; nothing is sent. @returns its id. @throws Failure when nobody could hear it. */
  drawUp(request: AlarmRequest): Promise<string>;
  /** Sends what was drawn up, as its sender's own decision: nobody is asked. */
  sound(incident: string, by: string): Promise<void>;
  /** A further message of an active one. */
  update(
    incident: string,
    message: { readonly heading: string | null; readonly text: string; readonly siren: boolean },
    by: string,
  ): Promise<void>;
  /** Ends an active one everywhere; a text is said once. */
  allClear(incident: string, text: string | null, by: string): Promise<void>;
  /** Withdraws one that was not sent. */
  cancel(incident: string, by: string): Promise<void>;
  /** Null when there is none. */
  look(incident: string): AlarmView | null;
}

export interface AlarmView {
  readonly state: 'draft' | 'waiting' | 'active' | 'cleared' | 'expired' | 'cancelled';
  readonly targets: readonly Target[];
  /** Devices that have sounded or shown it, by their own word. */
  readonly heard: number;
}
