import { readProcessConfig } from '../config/index.ts';
import { openHouse } from '../server.ts';

/** Runs one command and resolves with the exit code. */
export async function runCommand(_words: readonly string[]): Promise<number> {
  const config = readProcessConfig();
  const house = await openHouse(config);
  const port = await house.http.listen(config.server);
  house.startWork();
  process.stdout.write(`http://localhost:${port}\n`);
  return 0;
}
