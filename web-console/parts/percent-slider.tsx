import { Slider } from '@mantine/core';
import { useEffect, useId, useState } from 'react';

/** A share in percent; what is chosen counts when the thumb is let go. `said` stands for the value until it is moved. */
export function PercentSlider({
  label,
  value,
  said,
  set,
  disabled,
}: {
  label: string;
  value: number;
  said?: string;
  set: (value: number) => void;
  disabled: boolean;
}) {
  const id = useId();
  const [shown, setShown] = useState(value);
  useEffect(() => setShown(value), [value]);
  return (
    <div className="percent">
      <div className="percent-head">
        <span id={id}>{label}</span>
        <strong className="num">{shown === value && said !== undefined ? said : `${shown} %`}</strong>
      </div>
      <Slider
        value={shown}
        onChange={setShown}
        onChangeEnd={set}
        disabled={disabled}
        step={5}
        label={null}
        size="lg"
        thumbSize={26}
        thumbProps={{ 'aria-labelledby': id }}
        marks={[{ value: 0 }, { value: 50 }, { value: 100 }]}
      />
    </div>
  );
}
