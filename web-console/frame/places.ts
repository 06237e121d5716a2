import {
  IconAccessPoint,
  IconBroadcast,
  IconCalendarWeek,
  IconClipboardCheck,
  IconLayoutDashboard,
  IconMusic,
} from '@tabler/icons-react';

/** The places of the console, in the order of a day's work. */
export const places = [
  { name: 'overview', to: '/', icon: IconLayoutDashboard },
  { name: 'onAir', to: '/on-air', icon: IconBroadcast },
  { name: 'schedules', to: '/schedules', icon: IconCalendarWeek },
  { name: 'library', to: '/library', icon: IconMusic },
  { name: 'devices', to: '/devices', icon: IconAccessPoint },
  { name: 'log', to: '/log', icon: IconClipboardCheck },
] as const;
