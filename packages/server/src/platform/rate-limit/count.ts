/** Adds `amount` to the counter of a window and returns its value. */
export type Count = (key: string, windowEndsAt: number, amount: 0 | 1) => Promise<number>;
