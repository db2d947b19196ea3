import type { GatehouseClient, GatehouseOptions } from '../src/client.ts';
import { createGatehouse } from '../src/client.ts';
import type { Environment, EnvironmentEvent, Locks } from '../src/environment.ts';
import type { SessionState } from '../src/session-state.ts';

type Timer = { readonly run: () => void; readonly at: number };
type Listener = { readonly event: EnvironmentEvent; readonly hear: (key: string | null) => void };
type Tab = { readonly listeners: Set<Listener> };

/** Settings of a tab: like a client's, but everything of the browser is fake unless given. */
export type TabOptions = Omit<GatehouseOptions, 'environment'> & { readonly environment?: Partial<Environment> };

/** A browser of one origin: tabs share storage, locks and clock, and hear of each other's storage changes. */
// long: short functions around one shared state
export function createFakeBrowser() {
  const items = new Map<string, string>();
  const tabs: Tab[] = [];
  const timers = new Set<Timer>();
  const waiting: (() => void)[] = [];
  const clock = { now: 1_800_000_000_000 };

  function storageOf(tab: Tab): Environment['storage'] {
    const tell = (key: string): void => {
      for (const other of tabs) if (other !== tab) queueMicrotask(() => dispatch(other, 'storage', key));
    };
    return {
      getItem: (key) => items.get(key) ?? null,
      setItem(key, value) {
        items.set(key, value);
        tell(key);
      },
      removeItem(key) {
        items.delete(key);
        tell(key);
      },
    };
  }

  function setTimer(run: () => void, delayMs: number): Timer {
    const timer = { run, at: clock.now + delayMs };
    timers.add(timer);
    for (const resume of waiting.splice(0)) resume();
    return timer;
  }

  return {
    items,
    timers,
    clock,
    /** Moves the clock and runs what is due. */
    advance(ms: number): void {
      clock.now += ms;
      for (const timer of [...timers].filter(({ at }) => at <= clock.now)) {
        timers.delete(timer);
        timer.run();
      }
    },
    /** Resolves when something sets a timer. */
    nextTimer: () => new Promise<void>((resolve) => waiting.push(resolve)),
    fire(event: EnvironmentEvent): void {
      for (const tab of tabs) dispatch(tab, event, null);
    },
    listenerCount: () => tabs.reduce((sum, tab) => sum + tab.listeners.size, 0),
    openTab({ environment, ...options }: TabOptions): GatehouseClient {
      const tab: Tab = { listeners: new Set() };
      tabs.push(tab);
      const defaults: Partial<Environment> = {
        storage: storageOf(tab),
        locks,
        now: () => clock.now,
        random: () => 1,
        setTimer,
        clearTimer: (timer) => timers.delete(timer as Timer),
        listen(event, hear) {
          const listener = { event, hear };
          tab.listeners.add(listener);
          return () => tab.listeners.delete(listener);
        },
        hostname: 'app.example.com',
      };
      return createGatehouse({ ...options, environment: { ...defaults, ...environment } });
    },
  };
}

function dispatch(tab: Tab, event: EnvironmentEvent, key: string | null): void {
  for (const listener of [...tab.listeners]) if (listener.event === event) listener.hear(key);
}

/** Exclusive locks that are granted in the order they were asked for. */
const queues = new Map<string, Promise<unknown>>();
const locks: Locks = {
  request(name, _options, run) {
    const turn = (queues.get(name) ?? Promise.resolve()).then(run);
    queues.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  },
};

/** Resolves with the first state, from now on, that fits. */
export function untilState(client: GatehouseClient, fits: (state: SessionState) => boolean): Promise<SessionState> {
  const current = client.session.getState();
  if (fits(current)) return Promise.resolve(current);
  return new Promise((resolve) => {
    const stop = client.session.onChange((state) => {
      if (!fits(state)) return;
      stop();
      resolve(state);
    });
  });
}
