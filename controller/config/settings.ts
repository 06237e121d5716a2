import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(['on', 'off']).transform((value) => value === 'on');
const url = (protocols: readonly string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be an address beginning with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });
const zone = z.string().refine(
  (name) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: name });
      return true;
    } catch {
      return false;
    }
  },
  { error: 'must be a time zone of the IANA database such as Asia/Ho_Chi_Minh' },
);

/**
 * Every setting, once: its schema, its default, and what it is for. `--help`, the validation and the README's table
 * come from here. A setting without a default may be left out.
 */
export const SETTINGS = {
  LOA_HTTP_PORT: {
    schema: port,
    default: '8080',
    about: 'port of the console, the API and the device files',
  },
  LOA_HTTP_HOST: {
    schema: z.string().min(1),
    default: '0.0.0.0',
    about: 'address to listen on, for all ports',
  },
  LOA_MQTT_PORT: { schema: port, default: '1883', about: 'port of the embedded MQTT broker' },
  LOA_MQTT_WS: {
    schema: flag,
    default: 'on',
    about: 'on or off: MQTT over WebSocket at /mqtt of the HTTP port',
  },
  LOA_MQTT_URL: {
    schema: url(['mqtt:', 'mqtts:', 'ws:', 'wss:']).optional(),
    default: undefined,
    about: 'an external broker instead of the embedded one, such as mqtts://user:password@broker:8883',
  },
  LOA_MQTT_PUBLIC_URL: {
    schema: url(['mqtt:', 'mqtts:', 'ws:', 'wss:']).optional(),
    default: undefined,
    about: 'the broker as devices reach it; by default the host they paired through, at LOA_MQTT_PORT',
  },
  LOA_TLS_CERT: {
    schema: z.string().min(1).optional(),
    default: undefined,
    about: 'file of the certificate with its chain, PEM; with it and its key the ports speak TLS',
  },
  LOA_TLS_KEY: {
    schema: z.string().min(1).optional(),
    default: undefined,
    about: 'file of its private key, PEM; both files are read again when they change',
  },
  LOA_TLS_PORTS: {
    schema: z.enum(['both', 'mqtt', 'http']),
    default: 'both',
    about: 'both, mqtt or http: which of the ports speak TLS, such as mqtt behind a proxy for HTTP',
  },
  LOA_DATA_DIR: {
    schema: z.string().min(1),
    default: './data',
    about: 'everything that must survive a restart',
  },
  LOA_TIMEZONE: { schema: zone, default: 'Asia/Ho_Chi_Minh', about: 'the wall clock of the site' },
  LOA_SITE_NAME: { schema: z.string().min(1).max(100), default: 'Phường Phù Vân', about: 'name of the site' },
  LOA_PUBLIC_URL: {
    schema: url(['http:', 'https:']).optional(),
    default: undefined,
    about: 'the console as browsers and devices reach it; by default http://localhost:LOA_HTTP_PORT',
  },
  LOA_LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
    default: 'info',
    about: 'fatal, error, warn, info, debug, trace or silent',
  },
  LOA_FFMPEG: {
    schema: z.string().min(1).optional(),
    default: undefined,
    about: "an ffmpeg to use; by default the system's, else the one that is installed with the program",
  },
  LOA_FFPROBE: { schema: z.string().min(1).optional(), default: undefined, about: 'an ffprobe, likewise' },
  LOA_MEDIA_MAX_MINUTES: {
    schema: z.coerce.number().int().min(1).max(1_440),
    default: '180',
    about: 'the longest programme that may be uploaded',
  },
  LOA_MEDIA_MAX_MB: {
    schema: z.coerce.number().int().min(1).max(100_000),
    default: '1024',
    about: 'the largest file that may be uploaded, in megabytes',
  },
  LOA_MEDIA_JOBS: {
    schema: z.coerce.number().int().min(1).max(16),
    default: '1',
    about: 'how many files are transcoded at a time',
  },
  LOA_FIRMWARE_MAX_MB: {
    schema: z.coerce.number().int().min(1).max(10_000),
    default: '256',
    about: 'the largest firmware image that may be uploaded, in megabytes',
  },
  LOA_PLAN_DAYS: {
    schema: z.coerce.number().int().min(1).max(90),
    default: '30',
    about: 'how far ahead devices know what to play',
  },
  LOA_HEARTBEAT_SECONDS: {
    schema: z.coerce.number().int().min(1).max(3_600),
    default: '30',
    about: 'how often devices are expected to be heard; silent for 1.75 times that is stale',
  },
} as const;

type Settings = typeof SETTINGS;
export type SettingName = keyof Settings;
export type Config = { readonly [Name in SettingName]: z.infer<Settings[Name]['schema']> };
