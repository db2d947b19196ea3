import { type AttemptDeps, attemptDelivery, type Claimed, claimForEndpoint } from './attempt-delivery.ts';
import { isDown } from './delivery-policy.ts';
import { type FanOutDeps, fanOut, fanOutReplay } from './fan-out.ts';
import { listDueEndpoints } from './store/endpoints.ts';

export interface DispatcherDeps extends FanOutDeps, AttemptDeps {
  /** Told about defects and a lost database; what a receiver does wrong is in its deliveries. */
  onFailure(error: unknown): void;
}

export interface Dispatcher {
  /** Looks for work now, if it was started. */
  look(): void;
  /** Does everything that is due and waits for its end. */
  drain(): Promise<void>;
  start(): void;
  /** Takes up nothing new and waits for what is on its way. */
  stop(): Promise<void>;
}

const INTERVAL_MS = 500;
const MOST_UNDER_WAY = 256;
/** Receivers that are down answer late or never: they get a share of the places, never all. */
const MOST_PROBES = 64;
const ENDPOINTS_AT_ONCE = 100;
/** Claims asked for in one turn share a commit. */
const CLAIMS_AT_ONCE = 25;

/** The deliveries this node has on their way. */
function createFlights(deps: DispatcherDeps, onSettled: () => void) {
  const underWay = new Set<Promise<void>>();
  let probes = 0;
  const track = async (claimed: Claimed): Promise<void> => {
    const isProbe = isDown(claimed.endpoint.failures);
    if (isProbe) probes++;
    try {
      await attemptDelivery(deps, claimed);
    } catch (error) {
      deps.onFailure(error);
    }
    if (isProbe) probes--;
  };
  return {
    launch(claimed: Claimed): void {
      const flight = track(claimed).finally(() => {
        underWay.delete(flight);
        onSettled();
      });
      underWay.add(flight);
    },
    hasRoomFor: (failures: number) => underWay.size < MOST_UNDER_WAY && (!isDown(failures) || probes < MOST_PROBES),
    count: () => underWay.size,
    landed: () => Promise.all(underWay),
  };
}

type Flights = ReturnType<typeof createFlights>;

/** Claims what is due and sends it on its way; false when there was nothing. */
async function launchDue(deps: DispatcherDeps, flights: Flights): Promise<boolean> {
  const due = await listDueEndpoints(deps.database.read, { now: deps.clock.now(), most: ENDPOINTS_AT_ONCE });
  let launched = false;
  for (let at = 0; at < due.length; at += CLAIMS_AT_ONCE) {
    const some = due.slice(at, at + CLAIMS_AT_ONCE).filter(({ failures }) => flights.hasRoomFor(failures));
    const claims = await Promise.all(some.map((endpoint) => claimForEndpoint(deps, endpoint)));
    for (const claimed of claims.flat()) flights.launch(claimed);
    launched ||= claims.some((claimed) => claimed.length > 0);
  }
  return launched;
}

/** One look at everything there is to do; false when there was nothing. */
async function goRound(deps: DispatcherDeps, flights: Flights): Promise<boolean> {
  const moved = await fanOut(deps);
  const replayed = await fanOutReplay(deps);
  const launched = await launchDue(deps, flights);
  return moved || replayed || launched;
}

/** Turns events into deliveries and sends them; a receiver holds up nobody but itself. */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let again = false;
  const flights = createFlights(deps, () => look());
  const run = async (): Promise<void> => {
    do {
      again = false;
      if (await goRound(deps, flights)) again = true;
    } while (again && timer !== null);
  };
  function look(): void {
    again = true;
    if (timer === null || running) return;
    running = run()
      .catch(deps.onFailure)
      .finally(() => {
        running = null;
      });
  }
  return {
    look,
    async drain() {
      while ((await goRound(deps, flights)) || flights.count() > 0) await flights.landed();
    },
    start() {
      timer ??= setInterval(look, INTERVAL_MS).unref();
      look();
    },
    async stop() {
      if (timer) clearInterval(timer);
      timer = null;
      await running;
      await flights.landed();
    },
  };
}
