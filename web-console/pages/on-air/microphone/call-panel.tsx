import { Button } from '@mantine/core';
import { IconMicrophone, IconMicrophoneOff, IconPlugConnectedX, IconWifi1 } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useWatched } from '../../../live/store.ts';
import { TwoTaps } from '../../../parts/two-taps.tsx';
import { useNow } from '../../../parts/use-now.ts';
import { useFormat } from '../../../words/format.ts';
import { clock } from '../clock.ts';
import { useWhere } from '../use-where.ts';
import type { Call, CallState } from './call.ts';
import { CallOver } from './call-over.tsx';
import { HushNote } from './hush-note.tsx';
import { InputChoice } from './input-choice.tsx';
import { LEASE_MS } from './line.ts';
import { VoiceMeter } from './voice-meter.tsx';

/** The call that is going on: whether one is heard, how loud, by whom, and the two things to do about it. */
export function CallPanel({ call }: { call: Call }) {
  const { t } = useTranslation();
  const where = useWhere();
  const state = useWatched(call.state, (value) => value);
  const { phase, session, muted, narrow } = state;
  useMuteKey(call, phase === 'waiting' || phase === 'on-air');
  if (phase === 'ended' && session !== null) return <CallOver session={session} />;
  return (
    <div className="call" data-phase={phase} data-muted={muted} data-down={state.downSince !== null}>
      <Heading state={state} />
      {session !== null && <p className="call-where">{where(session.targets)}</p>}
      <div role="status" aria-live="polite" className="call-notes">
        {state.downSince !== null && <Down since={state.downSince} />}
        {narrow && state.downSince === null && (
          <p className="note" data-tone="warn">
            <IconWifi1 size={20} aria-hidden />
            <span>{t('mic.narrow')}</span>
          </p>
        )}
      </div>
      {phase !== 'ending' && (
        <>
          <VoiceMeter capture={call.capture} muted={muted} />
          <HushNote capture={call.capture} />
        </>
      )}
      {session !== null && <Figures session={session} />}
      <div className="call-buttons">
        <Button
          size="xl"
          variant={muted ? 'filled' : 'default'}
          aria-pressed={muted}
          leftSection={muted ? <IconMicrophone size={24} /> : <IconMicrophoneOff size={24} />}
          disabled={phase === 'ending'}
          onClick={() => call.mute(!muted)}
        >
          {t(muted ? 'mic.unmute' : 'mic.mute')}
        </Button>
        <TwoTaps
          size="xl"
          label={t('mic.end')}
          sure={t('mic.endSure')}
          disabled={false}
          loading={phase === 'ending'}
          act={() => void call.end()}
        />
      </div>
      <p className="hint call-key">{t('mic.muteKey')}</p>
      {phase !== 'ending' && (
        <InputChoice
          capture={call.capture}
          choose={(deviceId) => void call.capture.change({ deviceId }).catch(() => {})}
        />
      )}
    </div>
  );
}

/** The one thing that the eye must catch: whether one is heard now. */
function Heading({ state: { phase, onAirAt, muted, downSince } }: { state: CallState }) {
  const { t } = useTranslation();
  const now = useNow(200);
  const left = onAirAt === null ? null : onAirAt - now;
  if (phase === 'ending')
    return (
      <div className="call-head">
        <strong>{t('mic.ending')}</strong>
        <span>{t('mic.endingHint')}</span>
      </div>
    );
  const heard = phase === 'on-air' || (left !== null && left <= 0);
  if (!heard)
    return (
      <div className="call-head">
        <strong className="num call-big" aria-hidden={left === null}>
          {left === null ? '…' : Math.ceil(left / 1_000)}
        </strong>
        <strong aria-live="polite">{t(left === null ? 'mic.getReady' : 'mic.soon')}</strong>
        <span>{t('mic.soonHint')}</span>
      </div>
    );
  return (
    <div className="call-head">
      <strong className="call-lamp">
        <span className="call-dot" aria-hidden="true" />
        {t(downSince !== null ? 'mic.offAir' : muted ? 'mic.paused' : 'mic.onAir')}
      </strong>
      <strong className="num call-big" role="timer" aria-label={t('mic.timeOnAir')}>
        {clock(Math.max(0, -(left ?? 0)))}
      </strong>
      <span aria-live="polite">
        {t(downSince !== null ? 'mic.waitNow' : muted ? 'mic.mutedNow' : 'mic.speakNow')}
      </span>
    </div>
  );
}

function Down({ since }: { since: number }) {
  const { t } = useTranslation();
  const now = useNow(250);
  const left = Math.max(0, Math.ceil((since + LEASE_MS - now) / 1_000));
  return (
    <p className="note" data-tone="bad">
      <IconPlugConnectedX size={20} aria-hidden />
      <span>
        {t('mic.down', { count: left })} {t('mic.downHint')}
      </span>
    </p>
  );
}

function Figures({ session }: { session: NonNullable<CallState['session']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { listening, asked, leadMs, lateShare } = session;
  return (
    <dl className="call-figures num">
      <div data-tone={listening < asked ? 'warn' : 'good'}>
        <dt>{t('mic.listening')}</dt>
        <dd>{t('mic.listeningOf', { some: format.number(listening), all: format.number(asked) })}</dd>
      </div>
      <div>
        <dt>{t('mic.delay')}</dt>
        <dd>{t('mic.delayOf', { value: format.number(leadMs / 1_000, leadMs < 1_000 ? 2 : 1) })}</dd>
      </div>
      <div data-tone={lateShare > 0.02 ? 'warn' : undefined}>
        <dt>{t('mic.late')}</dt>
        <dd>{t('mic.lateOf', { value: format.number(lateShare * 100, 1) })}</dd>
      </div>
    </dl>
  );
}

/** The space bar switches the microphone off and on, unless it is pressing something else. */
function useMuteKey(call: Call, active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const press = (event: KeyboardEvent) => {
      if (event.code !== 'Space' || event.repeat || event.defaultPrevented) return;
      const { target } = event;
      if (target instanceof Element && target.closest('button, a, input, textarea, select, [role=slider]'))
        return;
      event.preventDefault();
      call.mute(!call.state.value.muted);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [call, active]);
}
