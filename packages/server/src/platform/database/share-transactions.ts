import { DatabaseUnavailable } from './failures.ts';

interface Pending<Q, A> {
  asked: Q;
  resolve(answer: A): void;
  reject(error: unknown): void;
}

/** Answers those who asked, in their order; durable when it resolves. */
type Run<Q, A> = (asked: readonly Q[]) => Promise<readonly A[]>;

/** How many transactions are under way at once: while one waits for its commit, others look and decide. */
const MOST_UNDER_WAY = 3;
/** How long others are waited for (ms): where transactions take longer, something holds them up, and those who wait go as well. */
const PATIENCE_MS = 100;
/** How many share one at the most, so that none is so long that those behind it notice. */
const MOST_TOGETHER = 64;

/** Runs one transaction for all of these; never rejects. One whose trouble is its own is not the trouble of the others. */
async function travel<Q, A>(run: Run<Q, A>, some: readonly Pending<Q, A>[]): Promise<void> {
  try {
    const answers = await run(some.map(({ asked }) => asked));
    some.forEach(({ resolve }, at) => {
      resolve(answers[at] as A);
    });
  } catch (error) {
    if (some.length > 1 && !(error instanceof DatabaseUnavailable)) {
      await Promise.all(some.map((one) => travel(run, [one])));
      return;
    }
    for (const { reject } of some) reject(error);
  }
}

/**
 * Shared transactions: those who ask in one turn of the event loop, or while earlier ones are under way, go in one. Where a statement is a
 * journey to another process and a commit a flush of its disk, many who ask at once pay for one. Nobody waits long for the others.
 * `hasRoom` says whether a transaction could begin at once.
 */
export function shareTransactions<Q, A>(run: Run<Q, A>, hasRoom: () => boolean): (asked: Q) => Promise<A> {
  let waiting: Pending<Q, A>[] = [];
  let underWay = 0;
  let isCalled = false;
  let isPatient = false;

  const depart = (most: number): void => {
    while (waiting.length > 0 && underWay < most) {
      // One who is alone is served to the end in one transaction; with others, perhaps in two, and for both there may be a queue.
      const size = hasRoom() ? MOST_TOGETHER : 1;
      const some = waiting.slice(0, size);
      waiting = waiting.slice(size);
      underWay++;
      travel(run, some).finally(() => {
        underWay--;
        call();
      });
    }
  };
  const losePatience = (): void => {
    isPatient = false;
    depart(Number.POSITIVE_INFINITY);
  };
  const call = (): void => {
    if (waiting.length === 0) return;
    if (!isPatient) setTimeout(losePatience, PATIENCE_MS).unref();
    isPatient = true;
    if (isCalled || underWay >= MOST_UNDER_WAY) return;
    isCalled = true;
    setImmediate(() => {
      isCalled = false;
      depart(MOST_UNDER_WAY);
    });
  };
  return (asked) =>
    new Promise((resolve, reject) => {
      waiting.push({ asked, resolve, reject });
      call();
    });
}
