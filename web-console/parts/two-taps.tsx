import { Button } from '@mantine/core';
import { IconPlayerStopFilled } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';

/** How long the second tap is waited for. */
const WAITS_MS = 5_000;

/** A button for what must not happen by a slip of the finger: the first tap says what the second will do. */
export function TwoTaps({
  label,
  sure,
  act,
  disabled,
  loading,
  size = 'sm',
  icon = <IconPlayerStopFilled size={size === 'xl' ? 24 : 18} />,
}: {
  label: string;
  sure: string;
  act: () => void;
  disabled: boolean;
  loading: boolean;
  size?: 'sm' | 'xl';
  icon?: ReactNode;
}) {
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (!asked) return;
    const timer = window.setTimeout(() => setAsked(false), WAITS_MS);
    return () => window.clearTimeout(timer);
  }, [asked]);
  return (
    <Button
      size={size}
      color="red"
      variant={asked ? 'filled' : 'default'}
      leftSection={icon}
      disabled={disabled}
      loading={loading}
      onClick={() => {
        setAsked(!asked);
        if (asked) act();
      }}
    >
      <span aria-live="polite">{asked ? sure : label}</span>
    </Button>
  );
}
