import { areaRoutes } from './areas.ts';
import { broadcastRoutes } from './broadcasts.ts';
import { dayRoutes } from './device-day.ts';
import { deviceRoutes } from './devices.ts';
import { firmwareRoutes } from './firmware.ts';
import { libraryRoutes } from './library.ts';
import { modelRoutes } from './models.ts';
import { overviewRoutes } from './overview.ts';
import { playRoutes } from './plays.ts';
import { scheduleRoutes } from './schedules.ts';

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
} as const;
export type Routes = typeof routes;
export type Operation = keyof Routes;
