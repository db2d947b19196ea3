// `node limit-process.ts <file of bench/limits> <place as JSON>`: measures a limit as often as its parent says for how many seconds.
import type { Limit } from './limit.ts';

const [file = '', place = ''] = process.argv.slice(2);
const { limit } = (await import(file)) as { limit: Limit };
const opened = await limit.open(JSON.parse(place));
process.on('message', async (seconds: number) => {
  process.send?.(await opened.measure(seconds));
});
process.on('disconnect', async () => {
  await opened.close();
});
process.send?.('ready');
