import {
  IconAccessPoint,
  IconAlertTriangle,
  IconBroadcast,
  IconCalendarWeek,
  IconClipboardCheck,
  IconDeviceTv,
  IconInbox,
  IconLayoutDashboard,
  IconMusic,
  IconSettings,
} from '@tabler/icons-react';

/** The places of the console, in the order of a day's work. */
export const places = [
  { name: 'overview', to: '/', icon: IconLayoutDashboard },
  { name: 'onAir', to: '/on-air', icon: IconBroadcast },
  { name: 'schedules', to: '/schedules', icon: IconCalendarWeek },
  { name: 'library', to: '/library', icon: IconMusic },
  { name: 'boards', to: '/boards', icon: IconDeviceTv },
  { name: 'devices', to: '/devices', icon: IconAccessPoint },
  { name: 'log', to: '/log', icon: IconClipboardCheck },
  { name: 'inbox', to: '/inbox', icon: IconInbox },
  { name: 'incidents', to: '/incidents', icon: IconAlertTriangle },
  { name: 'system', to: '/system', icon: IconSettings },
] as const;

/** What stands under the thumb on a phone; the rest is one tap further, beside the two that are always in reach. */
const AT_HAND = ['overview', 'onAir', 'schedules', 'devices'] as const satisfies readonly Place['name'][];
export type Place = (typeof places)[number];
export const atHand = places.filter(({ name }) => AT_HAND.some((one) => one === name));
export const further = places.filter(({ name }) => !AT_HAND.some((one) => one === name));
