import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/session.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Calendar } from './calendar.tsx';
import { ScheduleList } from './list.tsx';
import './schedules.css';

const route = getRouteApi('/schedules');

export function Schedules() {
  const { t } = useTranslation();
  const { view = 'week' } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay('operator');
  return (
    <>
      <PageHead title={t('nav.schedules')}>
        <SegmentedControl
          aria-label={t('schedules.view')}
          value={view}
          onChange={(value) =>
            void navigate({
              search: (before) => ({
                ...before,
                view: value === 'list' ? ('list' as const) : ('week' as const),
              }),
              replace: true,
            })
          }
          data={(['week', 'list'] as const).map((value) => ({ value, label: t(`schedules.views.${value}`) }))}
        />
        <Button
          leftSection={<IconPlus size={18} />}
          disabled={!may}
          renderRoot={(props) => <Link to="/schedules/$id" params={{ id: 'new' }} {...props} />}
        >
          {t('schedules.add')}
        </Button>
      </PageHead>
      {view === 'list' ? <ScheduleList /> : <Calendar />}
    </>
  );
}
