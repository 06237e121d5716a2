import { alertRoutes } from './alerts.ts';
import { areaRoutes } from './areas.ts';
import { boardRoutes } from './boards.ts';
import { broadcastRoutes } from './broadcasts.ts';
import { bulletinRoutes } from './bulletins.ts';
import { dayRoutes } from './device-day.ts';
import { deviceRoutes } from './devices.ts';
import { firmwareRoutes } from './firmware.ts';
import { incidentRoutes } from './incidents.ts';
import { libraryRoutes } from './library.ts';
import { liveRoutes } from './live.ts';
import { modelRoutes } from './models.ts';
import { overviewRoutes } from './overview.ts';
import { peopleRoutes } from './people.ts';
import { playRoutes } from './plays.ts';
import { policyRoutes } from './policies.ts';
import { publicBoardRoutes } from './public-board.ts';
import { relayRoutes } from './relays.ts';
import { scheduleRoutes } from './schedules.ts';
import { speechRoutes } from './speech.ts';
import { visualRoutes } from './visuals.ts';

/** Every operation under `/api/v1`. */
export const routes = {
  ...overviewRoutes,
  ...areaRoutes,
  ...deviceRoutes,
  ...modelRoutes,
  ...dayRoutes,
  ...firmwareRoutes,
  ...libraryRoutes,
  ...scheduleRoutes,
  ...playRoutes,
  ...broadcastRoutes,
  ...policyRoutes,
  ...speechRoutes,
  ...relayRoutes,
  ...peopleRoutes,
  ...liveRoutes,
  ...incidentRoutes,
  ...bulletinRoutes,
  ...alertRoutes,
  ...boardRoutes,
  ...visualRoutes,
  ...publicBoardRoutes,
} as const;
export type Routes = typeof routes;
export type Operation = keyof Routes;
