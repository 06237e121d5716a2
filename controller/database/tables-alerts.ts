/** `targets` is JSON; `title` and `words` are what is shown and said; `xml` is what counts, without its signature. */
export interface CapAlertTable {
  id: string;
  sender: string;
  identifier: string;
  sent: number;
  status: string;
  msg_type: string;
  via: string;
  language: string;
  event: string;
  headline: string | null;
  description: string | null;
  instruction: string | null;
  severity: string;
  urgency: string;
  certainty: string;
  level: string;
  title: string;
  words: string;
  area_text: string;
  targets: string;
  devices: number;
  drill: 'silent' | 'audible' | null;
  expires: number | null;
  signature: 'verified' | 'unsigned';
  state: string;
  reason: string | null;
  incident_id: string | null;
  bulletin_id: string | null;
  /** The alert whose incident or bulletin this one goes on with, or ends. */
  follows_id: string | null;
  xml: string;
  received_at: number;
  updated_at: number;
}

/** The messages that an alert names in its `references`, whether they have come or not. */
export interface CapReferenceTable {
  sender: string;
  identifier: string;
  sent: number;
  alert_id: string;
}

export interface CapFeedTable {
  url: string;
  etag: string | null;
  last_modified: string | null;
  checked_at: number | null;
  good_at: number | null;
  trouble: string | null;
}

export interface CapFeedEntryTable {
  url: string;
  entry: string;
  seen_at: number;
}

/** `targets` and `collisions` are JSON; `wish` is the JSON of what a person asked for while a choice is waited for. */
export interface BulletinTable {
  id: string;
  sender: string;
  external_id: string;
  revision: number;
  /** SHA-256 of what it says, so that the same revision with other words is noticed. */
  digest: string;
  level: string;
  title: string;
  text: string | null;
  language: string;
  audio_url: string | null;
  wanted_at: number | null;
  expires_at: number | null;
  targets: string;
  asset_id: string | null;
  programme_id: string | null;
  schedule_id: string | null;
  incident_id: string | null;
  state: string;
  reason: string | null;
  wish: string | null;
  collisions: string;
  received_at: number;
  updated_at: number;
}

export interface BulletinEventTable {
  bulletin_id: string;
  at: number;
  state: string;
  by: string | null;
  reason: string | null;
}

/** Signatures of calls that were obeyed, until they are too old to be obeyed anyway. */
export interface WebhookSignatureTable {
  signature: string;
  until: number;
}

export interface AlertTables {
  cap_alert: CapAlertTable;
  cap_reference: CapReferenceTable;
  cap_feed: CapFeedTable;
  cap_feed_entry: CapFeedEntryTable;
  bulletin: BulletinTable;
  bulletin_event: BulletinEventTable;
  webhook_signature: WebhookSignatureTable;
}
