/** The bar below a page of the past: where it stands, and everything that moves it. */
import { useSyncExternalStore } from 'react';
import { type TurningPoint, turningPoints } from '../../domain/turning-point.ts';
import { icons } from '../parts/icons.tsx';
import { useKeys } from '../shell/keys.ts';
import { useLooking } from '../shell/page-context.ts';
import { turnWords } from '../state/chronicle.ts';
import { clockTime } from '../state/words.ts';
import { DensityStrip, TimeMarks } from './density-strip.tsx';
import { usePast } from './past-context.ts';
import type { PastState, PastStore } from './past-store.ts';

/** The bar. */
export function PastBar() {
  const store = usePast();
  return store === undefined ? null : <Bar store={store} />;
}

const speeds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

function Bar({ store }: { readonly store: PastStore }) {
  const { look } = useLooking();
  const state = useSyncExternalStore(store.subscribe, store.state);
  const { isPlaying, speed, skipsIdle } = state;
  useKeys([
    { keys: ' ', what: 'play', act: store.toggle },
    { keys: ',', what: 'one event back', act: () => store.step(-1) },
    { keys: '.', what: 'one event on', act: () => store.step(1) },
    { keys: '<', what: 'the stop before', act: () => store.turn(-1) },
    { keys: '>', what: 'the next stop', act: () => store.turn(1) },
  ]);
  return (
    <section className="past-bar" aria-label="The past">
      <Slider store={store} state={state} />
      <div className="line">
        <Buttons store={store} isPlaying={isPlaying} />
        <select
          aria-label="Speed"
          value={speed}
          onChange={({ target }) => store.setPace({ speed: Number(target.value) })}
        >
          {speeds.map((each) => (
            <option key={each} value={each}>
              {each}×
            </option>
          ))}
        </select>
        <label>
          <input
            type="checkbox"
            checked={skipsIdle}
            onChange={() => store.setPace({ skipsIdle: !skipsIdle })}
          />
          skip idle
        </label>
        <Stops store={store} stopAt={state.stopAt} />
        <Where state={state} />
        <button type="button" className="primary" onClick={() => look({ at: null })}>
          Back to live
        </button>
      </div>
    </section>
  );
}

function Buttons({ store, isPlaying }: { readonly store: PastStore; readonly isPlaying: boolean }) {
  const buttons = [
    ['The stop before', icons.toStart, () => store.turn(-1), '<'],
    ['One event back', icons.back, () => store.step(-1), ','],
    [isPlaying ? 'Pause' : 'Play', isPlaying ? icons.pause : icons.play, store.toggle, 'space'],
    ['One event on', icons.on, () => store.step(1), '.'],
    ['The next stop', icons.toEnd, () => store.turn(1), '>'],
  ] as const;
  return (
    <span className="buttons">
      {buttons.map(([label, icon, act, key]) => (
        <button
          key={label}
          type="button"
          className="quiet"
          aria-label={label}
          title={`${label} (${key})`}
          onClick={act}
        >
          {icon}
        </button>
      ))}
    </span>
  );
}

function Stops({
  store,
  stopAt,
}: {
  readonly store: PastStore;
  readonly stopAt: readonly TurningPoint[];
}) {
  const toggled = (kind: TurningPoint) =>
    turningPoints.filter((each) => stopAt.includes(each) !== (each === kind));
  return (
    <fieldset className="stops">
      <legend>stop at</legend>
      {turningPoints.map((kind) => (
        <label key={kind}>
          <input
            type="checkbox"
            checked={stopAt.includes(kind)}
            onChange={() => store.setPace({ stopAt: toggled(kind) })}
          />
          <span className={`sign ${kind}`} aria-hidden="true" />
          {turnWords[kind]}
        </label>
      ))}
    </fieldset>
  );
}

function Where({
  state: { position, last, nowMs, stopped, problem },
}: {
  readonly state: PastState;
}) {
  const why =
    stopped === 'end' ? 'the log ends here' : stopped && `stopped at a ${turnWords[stopped]}`;
  return (
    <p className="where">
      <strong>{clockTime(nowMs, Date.now())}</strong>
      <span className="id">
        #{position.toLocaleString('en')} of {last.toLocaleString('en')}
      </span>
      <span role="status">{problem?.detail ?? why}</span>
    </p>
  );
}

function Slider({ store, state }: { readonly store: PastStore; readonly state: PastState }) {
  const { position, first, last, nowMs } = state;
  return (
    <div className="slider" title="Higher: more happened in the same time">
      <DensityStrip store={store} state={state} />
      <input
        type="range"
        aria-label="Position in the log"
        aria-valuetext={`position ${position}, ${clockTime(nowMs, Date.now())}`}
        min={first}
        max={last}
        step={1}
        value={position}
        onChange={({ target }) => store.go(Number(target.value))}
        onKeyDown={(event) => {
          const act = { ',': () => store.step(-1), '.': () => store.step(1), ' ': store.toggle };
          const chosen = act[event.key as keyof typeof act];
          if (chosen === undefined) return;
          event.preventDefault();
          chosen();
        }}
      />
      <TimeMarks store={store} state={state} />
    </div>
  );
}
