import type { AsRunRecord } from '#devices/as-run';

/** What a device tells whoever runs it: a factory's test rig, the command line, a test. */
export type DeviceEvent =
  | { readonly type: 'pairing-code'; readonly code: string }
  | { readonly type: 'pairing-refused' }
  | { readonly type: 'paired'; readonly device: string }
  | { readonly type: 'connected'; readonly session: string }
  | { readonly type: 'disconnected'; readonly why: string }
  | { readonly type: 'clock'; readonly offsetMs: number; readonly errorMs: number }
  | {
      readonly type: 'refused';
      readonly subject: 'desired' | 'command' | 'plan' | 'firmware';
      readonly reason: string;
    }
  | { readonly type: 'firmware'; readonly what: string }
  | { readonly type: 'settings'; readonly revision: number; readonly volume: number }
  | { readonly type: 'plan'; readonly revision: number; readonly occurrences: number }
  | { readonly type: 'record'; readonly record: AsRunRecord }
  | { readonly type: 'identify'; readonly seconds: number }
  | { readonly type: 'fault'; readonly what: string; readonly detail: string }
  /** The script of faults broke something; the device itself does not know. */
  | { readonly type: 'fault-made'; readonly detail: string };

export type Tell = (event: DeviceEvent) => void;

/** One line for people and for scripts; null for what is not worth a line. */
export function lineOf(event: DeviceEvent): string | null {
  switch (event.type) {
    case 'pairing-code':
      return `pairing code ${event.code}`;
    case 'pairing-refused':
      return 'pairing refused by the controller; still asking';
    case 'paired':
      return `paired as ${event.device}`;
    case 'connected':
      return 'connected';
    case 'disconnected':
      return `disconnected: ${event.why}`;
    case 'clock':
      return null;
    case 'refused':
      return `refused ${event.subject}: ${event.reason}`;
    case 'firmware':
      return event.what;
    case 'settings':
      return `settings ${event.revision}: volume ${event.volume}`;
    case 'plan':
      return `plan ${event.revision} ready`;
    case 'record':
      return lineOfRecord(event.record);
    case 'identify':
      return `identify for ${event.seconds} s`;
    case 'fault-made':
      return `made a fault: ${event.detail}`;
    case 'fault':
      return `fault ${event.what}: ${event.detail}`;
  }
}

function lineOfRecord(record: AsRunRecord): string {
  const what = `"${record.title}" ${record.occurrence} part ${record.part.index + 1}/${record.part.of}`;
  if (record.startedAt === null) return `missed ${what}: ${record.reason ?? 'unknown'}`;
  const late = (record.startedAt - record.dueAt).toFixed(1);
  const seconds = (record.playedMs / 1000).toFixed(1);
  const level = record.levelDbfs === undefined ? '' : `, ${record.levelDbfs.toFixed(1)} dBFS`;
  return `played ${what}: ${record.end}, ${seconds} of ${(record.dueMs / 1000).toFixed(1)} s, ${late} ms from due${level}`;
}
