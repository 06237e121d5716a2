import path from 'node:path';
import express from 'express';
import type { Logger } from 'pino';
import { ensureAdministrator } from './accounts/administrator.ts';
import { createAuthentication, migrateAccounts } from './accounts/authentication.ts';
import { sessionHandlers } from './accounts/handlers.ts';
import { People } from './accounts/people.ts';
import { peopleHandlers } from './accounts/people-handlers.ts';
import { accountOf } from './accounts/session.ts';
import { BlobStore } from './blobs/store.ts';
import { boardRoom } from './boards/room.ts';
import { Broadcasts } from './broadcasts/broadcasts.ts';
import { broadcastHandlers } from './broadcasts/handlers.ts';
import { EmbeddedBroker } from './broker/embedded.ts';
import { openGate } from './broker/gate.ts';
import { Alerts } from './cap/alerts.ts';
import { Feeds } from './cap/feeds.ts';
import { alertHandlers } from './cap/handlers.ts';
import { IncidentAlarm } from './cap/incident-alarm.ts';
import { OwnMessages } from './cap/own-messages.ts';
import { publicFeedRouter } from './cap/public-feed.ts';
import { capRouter } from './cap/webhook.ts';
import { Changes } from './changes.ts';
import { type Clock, systemClock } from './clock.ts';
import { Sequence } from './component.ts';
import type { Config } from './config/settings.ts';
import type { DataDirectory } from './data-directory/open.ts';
import { sessionSecret } from './data-directory/session-secret.ts';
import { openStore } from './database/open.ts';
import { DesiredDocuments } from './desired/documents.ts';
import { StoredWatch } from './desired/stored-watch.ts';
import { deviceRouter } from './device-http/router.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import { Documents } from './documents/documents.ts';
import { firmwareHandlers } from './firmware/handlers.ts';
import { ImageStore } from './firmware/image-store.ts';
import { Images } from './firmware/images.ts';
import { Offers } from './firmware/offers.ts';
import { Rollouts } from './firmware/rollouts.ts';
import { SiteGuards } from './guards/site-guards.ts';
import { createApp } from './http/app.ts';
import { HttpPort } from './http/server.ts';
import { incidentHandlers } from './incidents/handlers.ts';
import { Incidents } from './incidents/incidents.ts';
import { StoredMessages } from './incidents/stored-messages.ts';
import { libraryHandlers } from './library/handlers.ts';
import { Library } from './library/library.ts';
import { Playlists } from './library/playlists.ts';
import { Programmes } from './library/programmes.ts';
import { Link } from './link/link.ts';
import { Live } from './live/live.ts';
import { liveHandlers } from './live-audio/handlers.ts';
import { LiveHub } from './live-audio/hub.ts';
import { MicrophoneDoor } from './live-audio/microphone-door.ts';
import { Recordings } from './live-audio/recordings.ts';
import { LiveSessions } from './live-audio/sessions.ts';
import { findMediaPrograms } from './media/find.ts';
import { createMetrics } from './observability/metrics.ts';
import { overviewHandlers } from './overview/handlers.ts';
import { dayHandlers } from './playback/device-day.ts';
import { playHandlers } from './playback/handlers.ts';
import { PlaybackLog } from './playback/playback-log.ts';
import { policyHandlers } from './policies/handlers.ts';
import { Policies } from './policies/policies.ts';
import { Secrets } from './policies/secrets.ts';
import { provinceRouter } from './province/adapter.ts';
import { Bulletins } from './province/bulletins.ts';
import { bulletinHandlers } from './province/handlers.ts';
import { publicBoardRoom } from './public-board/room.ts';
import { areaHandlers } from './registry/area-handlers.ts';
import { Commands } from './registry/commands.ts';
import { deviceHandlers } from './registry/device-handlers.ts';
import { admissions } from './registry/membership.ts';
import { modelHandlers } from './registry/model-handlers.ts';
import { Pairing } from './registry/pairing.ts';
import { Refusals } from './registry/refusals.ts';
import { Registry } from './registry/registry.ts';
import { type Doorway, systemResolve } from './relay/connect.ts';
import { relayHandlers } from './relay/handlers.ts';
import { RelayKeeper } from './relay/keeper.ts';
import { Relays } from './relay/relays.ts';
import { Sources } from './relay/sources.ts';
import { IncidentReports } from './reports/incident-reports.ts';
import { ControllerKey } from './signing/controller-key.ts';
import { ChosenSpeech } from './speech/chosen.ts';
import { EmbeddedSpeech } from './speech/embedded.ts';
import { speechHandlers } from './speech/handlers.ts';
import { readAloud } from './speech/reading/reading.ts';
import { scheduleHandlers } from './timetable/handlers.ts';
import { Planner } from './timetable/planner.ts';
import { Schedules } from './timetable/schedules.ts';
import { certificateOf } from './tls/certificate.ts';
import { VERSION } from './version.ts';
import { Fitting } from './visuals/fitting.ts';
import { visualHandlers } from './visuals/handlers.ts';
import { Painter } from './visuals/painter.ts';
import { Visuals } from './visuals/visuals.ts';

export interface RunningController {
  /** Where browsers reach the console. */
  readonly url: string;
  readonly mqttPort: number | null;
  /** The account that was made, at the first start only. */
  readonly firstAccount: { username: string; password: string } | null;
  stop(): Promise<void>;
}

/** Puts the house together: every room is made here, told whom it speaks to, and started in order. */
export async function startController(
  config: Config,
  directory: DataDirectory,
  log: Logger,
): Promise<RunningController> {
  const room = (name: string): Logger => log.child({ room: name });
  const clock: Clock = systemClock;
  const changes = new Changes();
  const programs = await findMediaPrograms(config);
  const key = await ControllerKey.load(directory.keys);
  const store = openStore(directory.database);
  const blobs = new BlobStore(directory.blobs, store);

  const policies = new Policies({ store, clock, changes, log: room('policies') });
  const secrets = new Secrets({ store, clock, log: room('policies') });

  const guards = new SiteGuards({
    store,
    policy: () => policies.read('guards'),
    zone: config.LOA_TIMEZONE,
  });

  const certificate = await certificateOf(config, room('tls'));
  const mqttTls = certificate !== undefined && config.LOA_TLS_PORTS !== 'http';
  const httpTls = certificate !== undefined && config.LOA_TLS_PORTS !== 'mqtt';
  const broker =
    config.LOA_MQTT_URL === undefined
      ? new EmbeddedBroker({
          host: config.LOA_HTTP_HOST,
          port: config.LOA_MQTT_PORT,
          log: room('broker'),
          admissions: () => admissions(store),
          certificate: mqttTls ? certificate : undefined,
        })
      : null;
  const gate = broker ?? openGate;
  const refusals = new Refusals({ store, clock, changes, log: room('registry') });
  const link = new Link({
    account: () => broker?.account ?? { url: config.LOA_MQTT_URL ?? '' },
    clock,
    log: room('link'),
    refused: (refusal) => refusals.count({ ...refusal, source: 'controller' }),
  });
  const desired = new DesiredDocuments({
    store,
    clock,
    changes,
    log: room('desired'),
    zone: config.LOA_TIMEZONE,
    siteName: config.LOA_SITE_NAME,
    guards,
    key,
    link,
  });
  const planner = new Planner({ store, clock, changes, log: room('planner'), config, key, guards, desired });
  const commands = new Commands({ store, clock, changes, key, link });
  const pairing = new Pairing({
    store,
    clock,
    changes,
    log: room('pairing'),
    key,
    gate,
    welcome: (device) => {
      registry.watch.add(device);
      void desired.refresh([device]);
    },
  });
  const registry = new Registry({
    store,
    clock,
    changes,
    log: room('registry'),
    link,
    refusals,
    commands,
    pairing,
    desired,
    heartbeatIntervalMs: config.LOA_HEARTBEAT_SECONDS * 1_000,
  });
  const broadcasts = new Broadcasts({
    store,
    clock,
    changes,
    log: room('broadcasts'),
    key,
    link,
    guards,
    blobs,
    registry,
  });
  const hub = new LiveHub({ store, clock, log: room('live-audio'), key });
  const doorway: Doorway = { policy: () => policies.read('relay'), resolve: systemResolve };
  const sources = new Sources({ store, clock, changes, doorway });
  const relays = new Relays({
    ...{ store, clock, changes, log: room('relay'), blobs, hub },
    ...{ broadcasts, sources, doorway, ffmpeg: programs.ffmpeg },
  });
  const relayKeeper = new RelayKeeper({ store, clock, changes, log: room('relay'), relays, broadcasts });
  const playback = new PlaybackLog({
    store,
    clock,
    changes,
    log: room('playback'),
    tell: async (device, tell) => void (await link.tell(device, tell)),
  });
  // Behind an external broker anyone may speak; only devices that were let in are listened to.
  link.on('played', async (device, message) => {
    if (registry.watch.knows(device)) await playback.receive(device, message);
  });
  const imageFiles = new ImageStore(directory.firmware);
  const mostBytes = config.LOA_FIRMWARE_MAX_MB * 1_000_000;
  const images = new Images({ store, clock, changes, files: imageFiles, mostBytes });
  const offers = new Offers({ store, clock, log: room('firmware'), key, link });
  const rollouts = new Rollouts({
    ...{ store, clock, changes, log: room('firmware') },
    ...{ files: imageFiles, offers, link },
  });
  const dispatcher = new Dispatcher({ store, clock, changes, log: room('dispatch'), planner });
  const libraryConfig = { ...config, LOA_DATA_DIR: directory.root };
  const speech = new ChosenSpeech({
    policy: () => policies.read('speech'),
    apiKey: () => secrets.read('speech-api-key'),
    embedded: new EmbeddedSpeech(),
    read: readAloud,
    log: room('speech'),
  });
  const library = new Library({
    store,
    clock,
    changes,
    log: room('library'),
    config: libraryConfig,
    blobs,
    speech,
    programs,
  });

  const painter = new Painter();
  const visuals = new Visuals({
    ...{ store, clock, changes, log: room('visuals'), blobs, painter, programs },
    incoming: path.join(directory.root, 'incoming-visuals'),
    isFitting: () => !fitting.isIdle,
  });
  const fitting: Fitting = new Fitting({
    ...{ store, clock, changes, blobs, painter, programs, films: visuals.films },
    incoming: path.join(directory.root, 'incoming-fits'),
    visual: (id) => visuals.row(id),
  });
  const boards = boardRoom({
    ...{ store, clock, changes, log: room('boards'), blobs, broadcasts, fitter: fitting },
    ...{ zone: config.LOA_TIMEZONE, heardAt: (device) => registry.watch.heardAt(device) },
  });
  const storedWatch = new StoredWatch({ store, changes, log: room('desired'), desired });
  const incidentDeps = { store, clock, changes, log: room('incidents'), blobs, library };
  const storedMessages = new StoredMessages(incidentDeps);
  const incidents = new Incidents({ ...incidentDeps, broadcasts, policies, storedMessages, link });
  const reports = new IncidentReports({
    ...{ clock, incidents, keys: directory.keys },
    ...{ site: config.LOA_SITE_NAME, zone: config.LOA_TIMEZONE },
  });

  const programmes = new Programmes({ store, clock, changes, blobs });
  const alarm = new IncidentAlarm(incidents);
  const bulletins = new Bulletins({
    ...{ store, clock, changes, log: room('province'), alarm, library, programmes, doorway },
    ...{ schedules: new Schedules({ store, clock, changes, guards, config }), zone: config.LOA_TIMEZONE },
  });
  const capDeps = { store, clock, changes, log: room('cap'), policies };
  const alerts = new Alerts({ ...capDeps, alarm, inbox: bulletins });
  const feeds = new Feeds({ ...capDeps, alerts, doorway });

  const scheme = httpTls ? 'https' : 'http';
  const publicUrl = config.LOA_PUBLIC_URL ?? `${scheme}://localhost:${config.LOA_HTTP_PORT}`;
  const authentication = createAuthentication(store, {
    secret: await sessionSecret(directory.keys),
    publicUrl,
  });
  const sessions = new LiveSessions({
    ...{ store, clock, changes, log: room('live-audio'), hub, broadcasts, blobs, policies },
    recordings: new Recordings({
      directory: path.join(directory.root, 'recordings'),
      log: room('live-audio'),
      library,
    }),
    ffmpeg: programs.ffmpeg,
    zone: config.LOA_TIMEZONE,
  });
  const microphones = new MicrophoneDoor({
    identify: ({ headers }) => accountOf(authentication, headers),
    sessions,
  });
  const live = new Live({ changes, identify: ({ headers }) => accountOf(authentication, headers) });
  library.onProgress((progress) => live.progress(progress));
  registry.onHeartbeats((beats) => live.heartbeats(beats));
  const publicBoard = publicBoardRoom({
    ...{ store, clock, changes, log: room('public-board'), blobs, states: boards.states },
    ...{ siteName: config.LOA_SITE_NAME, publicUrl, zone: config.LOA_TIMEZONE },
    directory: path.join(directory.root, 'public-board'),
  });
  const app = createApp({
    authentication,
    handlers: {
      ...sessionHandlers({ authentication, config }),
      ...overviewHandlers({ store, clock, config, guards, differing: () => boards.states.differing() }),
      ...areaHandlers({ store, clock, changes, gate, desired }),
      ...deviceHandlers({
        store,
        clock,
        changes,
        log: room('registry'),
        config,
        guards,
        blobs,
        gate,
        commands,
        pairing,
        registry,
        link,
        desired,
      }),
      ...modelHandlers({ store, clock, changes, log: room('registry'), desired }),
      ...libraryHandlers({
        library,
        programmes,
        playlists: new Playlists({ store, clock, changes, blobs }),
        blobs,
      }),
      ...firmwareHandlers({ images, rollouts, log: room('firmware') }),
      ...scheduleHandlers({ store, clock, changes, guards, config }),
      ...broadcastHandlers({ store, broadcasts }),
      ...policyHandlers({ policies, secrets }),
      ...alertHandlers({ alerts, feeds, incident: (id) => incidents.view(id) }),
      ...bulletinHandlers({ bulletins }),
      ...incidentHandlers({ incidents, storedMessages, reports }),
      ...liveHandlers(sessions),
      ...peopleHandlers(new People({ authentication, changes, log: room('accounts') })),
      ...relayHandlers({ clock, sources, relays, doorway, ffmpeg: programs.ffmpeg }),
      ...speechHandlers({ speech, read: readAloud, library }),
      ...boards.handlers,
      ...publicBoard.handlers,
      ...visualHandlers({ store, visuals, fitting, documents: new Documents(), blobs }),
      ...playHandlers({ store, config }),
      ...dayHandlers({ store, clock }),
    },
    devices: deviceRouter({
      store,
      clock,
      changes,
      log: room('device-http'),
      blobs,
      incoming: directory.incoming,
      images: imageFiles,
      pairing,
      endpoints: {
        publicUrl: config.LOA_PUBLIC_URL,
        brokerPublicUrl: config.LOA_MQTT_PUBLIC_URL,
        externalBroker: config.LOA_MQTT_URL,
        mqttPort: () => broker?.port ?? 0,
        mqttTls,
        webSocket: config.LOA_MQTT_WS,
      },
    }),
    upstream: express
      .Router()
      .use(capRouter({ alerts, secrets }))
      .use(provinceRouter({ store, clock, policies, secrets, bulletins })),
    open: express.Router().use(
      publicBoard.router,
      publicFeedRouter({
        own: new OwnMessages({
          ...{ store, publicUrl, siteName: config.LOA_SITE_NAME },
          ...{ incident: (id) => incidents.view(id), geocodes: () => policies.read('cap').geocodes },
        }),
        ...{ changes, publicUrl, siteName: config.LOA_SITE_NAME, zone: config.LOA_TIMEZONE },
      }),
    ),
    metrics: createMetrics({
      store,
      consoles: () => live.consoles,
      broker: () => broker?.stats ?? null,
    }),
    ready: () => {
      const checks = { database: store.sqlite.open, broker: link.connected };
      return { ok: Object.values(checks).every(Boolean), checks };
    },
    publicUrl,
    brokers: [config.LOA_MQTT_PUBLIC_URL, config.LOA_MQTT_URL],
    version: VERSION,
    log: room('http'),
  });
  const http = new HttpPort(
    app,
    { host: config.LOA_HTTP_HOST, port: config.LOA_HTTP_PORT },
    httpTls ? certificate : undefined,
  );
  live.attach(http.server);
  http.onUpgrade(hub.upgrade);
  http.onUpgrade(microphones.upgrade);
  if (broker !== null) {
    broker.listen(registry.brokerListener);
    if (config.LOA_MQTT_WS) http.onUpgrade((...upgrade) => broker.upgrade(...upgrade));
  }

  await migrateAccounts(authentication);
  const parts = new Sequence([
    ...(certificate === undefined ? [] : [certificate]),
    ...(broker === null ? [] : [broker]),
    refusals,
    commands,
    pairing,
    registry,
    broadcasts,
    incidents,
    link,
    desired,
    storedWatch,
    planner,
    dispatcher,
    library,
    painter,
    visuals,
    fitting,
    boards,
    publicBoard,
    images,
    offers,
    rollouts,
    bulletins,
    alerts,
    live,
    http,
    hub,
    sessions,
    microphones,
    relays,
    relayKeeper,
    feeds,
  ]);
  const stop = async (): Promise<void> => {
    await parts.stop();
    await store.close();
  };
  let firstAccount: RunningController['firstAccount'];
  try {
    await parts.start();
    // Not before: of a start that failed, over a port in use, nobody would ever have read the password.
    firstAccount = await ensureAdministrator(authentication);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: config.LOA_PUBLIC_URL ?? `${scheme}://localhost:${http.port}`,
    mqttPort: broker?.port ?? null,
    firstAccount,
    stop,
  };
}
