import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import type { DeviceStatus } from '#controller/http/contract/devices';
import type { Verdict } from '#controller/http/contract/plays';
import { TEMPLATES } from '../pages/boards/composer/model/template-names.ts';
import { Problem } from '../parts/problem.tsx';
import { Frame } from './frame.tsx';
import { Lost } from './lost.tsx';
import { Waiting } from './waiting.tsx';

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
/** Only what is set: an address without filters stays short. */
const set = <T extends Record<string, unknown>>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;

const PARTS = ['guards', 'emergency', 'speech', 'relay', 'cap', 'province'] as const;
const partOf = (value: unknown) => PARTS.find((part) => part === value);

const root = createRootRoute({ component: Frame, notFoundComponent: Lost });

const overview = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/overview/overview.tsx'), 'Overview'),
});
const devices = createRoute({
  getParentRoute: () => root,
  path: '/devices',
  validateSearch: (search: Record<string, unknown>) =>
    set({
      search: text(search.search),
      status: text(search.status) as DeviceStatus | undefined,
      kind: text(search.kind) as 'speaker' | 'board' | undefined,
      area: text(search.area),
      group: text(search.group),
    }),
  component: lazyRouteComponent(() => import('../pages/devices/devices.tsx'), 'Devices'),
});
const BOARDS = ['wrong', 'showing'] as const;
const boards = createRoute({
  getParentRoute: () => root,
  path: '/boards',
  validateSearch: (search: Record<string, unknown>) =>
    set({ search: text(search.search), show: BOARDS.find((known) => known === search.show) }),
  component: lazyRouteComponent(() => import('../pages/boards/boards.tsx'), 'Boards'),
});
const compose = createRoute({
  getParentRoute: () => root,
  path: '/boards/compose',
  validateSearch: (search: Record<string, unknown>) =>
    set({ programme: text(search.programme), template: TEMPLATES.find((one) => one === search.template) }),
  component: lazyRouteComponent(() => import('../pages/boards/composer/compose.tsx'), 'Compose'),
});
const device = createRoute({
  getParentRoute: () => root,
  path: '/devices/$id',
  validateSearch: (search: Record<string, unknown>) => set({ date: text(search.date) }),
  component: lazyRouteComponent(() => import('../pages/device/device.tsx'), 'Device'),
});
const STUDIO_TABS = ['microphone', 'text', 'relay', 'play'] as const;
const tabOf = (value: unknown) => STUDIO_TABS.find((known) => known === value);
const onAir = createRoute({
  getParentRoute: () => root,
  path: '/on-air',
  validateSearch: (search: Record<string, unknown>) =>
    set({ at: text(search.at), content: text(search.content), tab: tabOf(search.tab) }),
  component: lazyRouteComponent(() => import('../pages/on-air/on-air.tsx'), 'OnAirPage'),
});
const firmware = createRoute({
  getParentRoute: () => root,
  path: '/devices/firmware',
  component: lazyRouteComponent(() => import('../pages/firmware/firmware.tsx'), 'Firmware'),
});
const rollout = createRoute({
  getParentRoute: () => root,
  path: '/devices/firmware/$id',
  component: lazyRouteComponent(() => import('../pages/firmware/rollout.tsx'), 'RolloutPage'),
});
const library = createRoute({
  getParentRoute: () => root,
  path: '/library',
  validateSearch: (search: Record<string, unknown>) =>
    set({
      tab: text(search.tab) as 'programmes' | 'sounds' | 'playlists' | undefined,
      asset: text(search.asset),
    }),
  component: lazyRouteComponent(() => import('../pages/library/library.tsx'), 'Library'),
});
const schedules = createRoute({
  getParentRoute: () => root,
  path: '/schedules',
  validateSearch: (search: Record<string, unknown>) =>
    set({ date: text(search.date), view: text(search.view) as 'week' | 'list' | undefined }),
  component: lazyRouteComponent(() => import('../pages/schedules/schedules.tsx'), 'Schedules'),
});
const schedule = createRoute({
  getParentRoute: () => root,
  path: '/schedules/$id',
  validateSearch: (search: Record<string, unknown>) =>
    set({ programme: text(search.programme), date: text(search.date) }),
  component: lazyRouteComponent(() => import('../pages/schedules/editor.tsx'), 'ScheduleEditor'),
});
const log = createRoute({
  getParentRoute: () => root,
  path: '/log',
  validateSearch: (search: Record<string, unknown>) =>
    set({
      from: text(search.from),
      to: text(search.to),
      device: text(search.device),
      area: text(search.area),
      schedule: text(search.schedule),
      verdict: text(search.verdict) as Verdict | undefined,
      search: text(search.search),
      at: text(search.at),
    }),
  component: lazyRouteComponent(() => import('../pages/log/log.tsx'), 'Log'),
});
const emergency = createRoute({
  getParentRoute: () => root,
  path: '/emergency',
  component: lazyRouteComponent(() => import('../pages/emergency/emergency.tsx'), 'Emergency'),
});
const storedMessages = createRoute({
  getParentRoute: () => root,
  path: '/emergency/messages',
  component: lazyRouteComponent(() => import('../pages/emergency/messages.tsx'), 'StoredMessages'),
});
const incidents = createRoute({
  getParentRoute: () => root,
  path: '/incidents',
  validateSearch: (search: Record<string, unknown>) =>
    set({ drill: text(search.drill) as 'only' | 'none' | undefined }),
  component: lazyRouteComponent(() => import('../pages/incidents/incidents.tsx'), 'Incidents'),
});
const incident = createRoute({
  getParentRoute: () => root,
  path: '/incidents/$id',
  component: lazyRouteComponent(() => import('../pages/incidents/incident.tsx'), 'IncidentPage'),
});
const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  validateSearch: (search: Record<string, unknown>) =>
    set({ tab: text(search.tab) as 'bulletins' | 'alerts' | undefined, at: text(search.at) }),
  component: lazyRouteComponent(() => import('../pages/inbox/inbox.tsx'), 'Inbox'),
});
const system = createRoute({
  getParentRoute: () => root,
  path: '/system',
  validateSearch: (search: Record<string, unknown>) => set({ part: partOf(search.part) }),
  component: lazyRouteComponent(() => import('../pages/system/system.tsx'), 'System'),
});
const people = createRoute({
  getParentRoute: () => root,
  path: '/system/people',
  component: lazyRouteComponent(() => import('../pages/system/people.tsx'), 'People'),
});
const guide = createRoute({
  getParentRoute: () => root,
  path: '/guide',
  component: lazyRouteComponent(() => import('../pages/guide/guide.tsx'), 'Guide'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    onAir,
    boards,
    compose,
    devices,
    device,
    firmware,
    rollout,
    library,
    schedules,
    schedule,
    log,
    emergency,
    storedMessages,
    incidents,
    incident,
    inbox,
    system,
    people,
    guide,
  ]),
  defaultPreload: 'intent',
  defaultPendingComponent: Waiting,
  // A page of an older console asks for files that a newer one has replaced; what was typed outlives the reload.
  defaultErrorComponent: ({ error }) => <Problem error={error} retry={() => window.location.reload()} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
