/**
 * What comes from outside: alerts by CAP 1.2 and the feeds that are asked for them, and the province's bulletins with
 * what became of each.
 */
export const alerts = `
CREATE TABLE cap_alert (
  id TEXT PRIMARY KEY, sender TEXT NOT NULL, identifier TEXT NOT NULL, sent INTEGER NOT NULL,
  status TEXT NOT NULL, msg_type TEXT NOT NULL, via TEXT NOT NULL,
  language TEXT NOT NULL, event TEXT NOT NULL, headline TEXT, description TEXT, instruction TEXT,
  severity TEXT NOT NULL, urgency TEXT NOT NULL, certainty TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('emergency','priority','normal','none')),
  title TEXT NOT NULL, words TEXT NOT NULL, area_text TEXT NOT NULL, targets TEXT NOT NULL, devices INTEGER NOT NULL,
  drill TEXT CHECK (drill IN ('silent','audible')), expires INTEGER,
  signature TEXT NOT NULL CHECK (signature IN ('verified','unsigned')),
  state TEXT NOT NULL CHECK (state IN
    ('waiting','playing','played','noted','dismissed','superseded','cancelled','expired','refused')),
  reason TEXT, incident_id TEXT, bulletin_id TEXT, follows_id TEXT REFERENCES cap_alert(id),
  xml TEXT NOT NULL, received_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX cap_alert_name ON cap_alert(sender, identifier, sent);
CREATE INDEX cap_alert_received ON cap_alert(received_at, id);
CREATE INDEX cap_alert_state ON cap_alert(state, received_at);
CREATE INDEX cap_alert_incident ON cap_alert(incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX cap_alert_bulletin ON cap_alert(bulletin_id) WHERE bulletin_id IS NOT NULL;

CREATE TABLE cap_reference (
  sender TEXT NOT NULL, identifier TEXT NOT NULL, sent INTEGER NOT NULL,
  alert_id TEXT NOT NULL REFERENCES cap_alert(id) ON DELETE CASCADE,
  PRIMARY KEY (sender, identifier, sent, alert_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cap_reference_alert ON cap_reference(alert_id);

CREATE TABLE cap_feed (
  url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, checked_at INTEGER, good_at INTEGER, trouble TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE cap_feed_entry (
  url TEXT NOT NULL, entry TEXT NOT NULL, seen_at INTEGER NOT NULL, PRIMARY KEY (url, entry)
) STRICT, WITHOUT ROWID;

CREATE TABLE bulletin (
  id TEXT PRIMARY KEY, sender TEXT NOT NULL, external_id TEXT NOT NULL, revision INTEGER NOT NULL, digest TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('emergency','priority','normal')),
  title TEXT NOT NULL, text TEXT, language TEXT NOT NULL, audio_url TEXT, wanted_at INTEGER, expires_at INTEGER,
  targets TEXT NOT NULL,
  asset_id TEXT REFERENCES asset(id), programme_id TEXT REFERENCES programme(id), schedule_id TEXT REFERENCES schedule(id),
  incident_id TEXT,
  state TEXT NOT NULL CHECK (state IN
    ('received','choose','accepted','scheduled','playing','played','refused','withdrawn')),
  reason TEXT, wish TEXT, collisions TEXT NOT NULL, received_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX bulletin_name ON bulletin(sender, external_id);
CREATE INDEX bulletin_received ON bulletin(received_at, id);
CREATE INDEX bulletin_state ON bulletin(state, received_at);
CREATE INDEX bulletin_schedule ON bulletin(schedule_id) WHERE schedule_id IS NOT NULL;
CREATE INDEX bulletin_incident ON bulletin(incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX bulletin_asset ON bulletin(asset_id) WHERE asset_id IS NOT NULL;

CREATE TABLE bulletin_event (
  bulletin_id TEXT NOT NULL REFERENCES bulletin(id), at INTEGER NOT NULL, state TEXT NOT NULL, by TEXT, reason TEXT
) STRICT;
CREATE INDEX bulletin_event_of ON bulletin_event(bulletin_id);

CREATE TABLE webhook_signature (
  signature TEXT PRIMARY KEY, until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX device_position ON device(latitude, longitude) WHERE latitude IS NOT NULL AND removed_at IS NULL;
`;
