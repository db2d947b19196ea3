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
 * journey to another process and a commit a flush of its disk, many who ask at once pay for one.
 */
export function shareTransactions<Q, A>(run: Run<Q, A>): (asked: Q) => Promise<A> {
  let waiting: Pending<Q, A>[] = [];
  let underWay = 0;
  let isCalled = false;

  const depart = (): void => {
    isCalled = false;
    while (waiting.length > 0 && underWay < MOST_UNDER_WAY) {
      const some = waiting.slice(0, MOST_TOGETHER);
      waiting = waiting.slice(MOST_TOGETHER);
      underWay++;
      travel(run, some).finally(() => {
        underWay--;
        call();
      });
    }
  };
  const call = (): void => {
    if (isCalled || waiting.length === 0 || underWay === MOST_UNDER_WAY) return;
    isCalled = true;
    setImmediate(depart);
  };
  return (asked) =>
    new Promise((resolve, reject) => {
      waiting.push({ asked, resolve, reject });
      call();
    });
}
