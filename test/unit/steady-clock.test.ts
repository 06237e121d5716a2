import { expect, test } from 'vitest';
import { SteadyClock } from '#controller/broker/steady-clock';

const START = 1_795_000_000_000;

/** A machine whose counter goes on and whose wall clock somebody sets. */
class Machine {
  ms = 0;
  setMs = 0;
  /** As a real one: time goes by while it is looked at. */
  wallMs = (): number => {
    this.ms += 0.01;
    return START + this.setMs + Math.floor(this.ms);
  };
  monotonicMs = (): number => this.ms;
  truth = (): number => START + this.setMs + this.ms;
}

test('the time that devices are told has a fraction of a millisecond, and is right to it', () => {
  const machine = new Machine();
  machine.ms = 0.4;
  const clock = new SteadyClock(machine);
  for (let second = 1; second <= 600; second += 1) {
    machine.ms = second * 1_000.377;
    expect(Math.abs(clock.now() - machine.truth())).toBeLessThan(0.05);
  }
});

test('a wall clock that is set by a little leads the village there slowly, never back and never in a jump', () => {
  const machine = new Machine();
  const clock = new SteadyClock(machine);
  machine.setMs = -60;
  let before = clock.now();
  for (let second = 1; second <= 1_500; second += 1) {
    machine.ms += 1_000 - 0.01;
    const now = clock.now();
    expect(now - before).toBeGreaterThan(999.9);
    expect(now - before).toBeLessThan(1_000.1);
    before = now;
  }
  expect(Math.abs(clock.now() - machine.truth())).toBeLessThan(3);
});

test('a wall clock that is set by an hour is followed at once', () => {
  const machine = new Machine();
  const clock = new SteadyClock(machine);
  machine.ms = 5_000;
  machine.setMs = 3_600_000;
  expect(Math.abs(clock.now() - machine.truth())).toBeLessThan(1);
});
