/** Sending on what a program prints, from a disk that does not always answer. */
import { expect, test } from 'vitest';
import { systemTimers } from '../../src/host/clock.ts';
import type { Timers } from '../../src/log/ports.ts';
import { createOutputSender } from '../../src/remote/output.ts';
import type { RunVoice } from '../../src/remote/run-voice.ts';
import { eventually } from '../kit/eventually.ts';

/** A door that takes all output, and what it has taken. */
function listener(): { voice: RunVoice; heard: () => string } {
  let heard = '';
  const voice: RunVoice = {
    async say(_what, body, answer) {
      heard += Buffer.from(body as Uint8Array).toString();
      return { is: 'said', body: answer.parse({ next: heard.length }) };
    },
  };
  return { voice, heard: () => heard };
}

/** Timers that make every pause a short one. */
const hasty: Timers = { ...systemTimers, after: (_ms, fn) => systemTimers.after(1, fn) };

/** A program's output, and whether its file can be read at all. */
function printing(part: 'outputSize' | 'readOutput') {
  const disk = { text: '', isBroken: false, refusals: 0 };
  const asked = (which: string) => {
    if (!disk.isBroken || which !== part) return;
    disk.refusals += 1;
    throw new Error('no answer from the disk');
  };
  return Object.assign(disk, {
    outputSize() {
      asked('outputSize');
      return disk.text.length;
    },
    async readOutput(_runId: string, from: number) {
      asked('readOutput');
      return Buffer.from(disk.text.slice(from));
    },
  });
}

test.each(['outputSize', 'readOutput'] as const)(
  'output that cannot be read for a while is told once and sent later (%s)',
  async (part) => {
    const { voice, heard } = listener();
    const disk = printing(part);
    const faults: unknown[] = [];
    const over = new AbortController();
    const onFault = (fault: unknown) => faults.push(fault);
    const output = createOutputSender('R-1', voice, { ...disk, timers: hasty, onFault });

    disk.isBroken = true;
    const sending = output.follow(over.signal);
    await eventually('it was tried again', () => disk.refusals > 2);
    expect(await output.flush()).toBe(true);
    expect(faults).toEqual([expect.objectContaining({ message: 'no answer from the disk' })]);
    disk.text = 'all painted\n';
    disk.isBroken = false;
    await eventually('it was heard', () => heard() !== '');
    disk.isBroken = true;
    await eventually('it is told again', () => faults.length > 1);
    over.abort();
    await sending;

    expect(heard()).toBe('all painted\n');
  },
);
