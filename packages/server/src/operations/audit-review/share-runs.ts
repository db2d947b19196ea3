/**
 * Makes one of many runs of something that takes long: whoever asks while one is under way waits for the next, together with everybody else
 * who does. So each answer comes of a run that began after it was asked for, and there are never more than two to wait for.
 */
export function shareRuns<T>(run: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | null = null;
  let next: Promise<T> | null = null;
  const begin = (): Promise<T> => {
    next = null;
    const begun = run().finally(() => {
      underWay = null;
    });
    underWay = begun;
    return begun;
  };
  return () => {
    if (next !== null) return next;
    if (underWay === null) return begin();
    next = underWay.then(begin, begin);
    return next;
  };
}
