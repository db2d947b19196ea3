import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createSafeFetch } from '../../platform/fetch/index.ts';

/** A checkpoint on its way to a witness. */
export interface KeptCheckpoint {
  treeSize: number;
  /** The signed note. */
  note: string;
  /** What the witness kept before, and the proof that the log continues it. */
  previousSize: number;
  consistency: readonly string[];
}

export interface Witness {
  /** As logs and the database may know it: without what follows a question mark. */
  name: string;
  /** Resolves when the checkpoint is kept; may be asked twice for the same one. */
  keep(checkpoint: KeptCheckpoint): Promise<void>;
}

/** So that a listing is in the order of the log. */
const fileNameOf = (treeSize: number) => `${String(treeSize).padStart(15, '0')}.checkpoint`;

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** A folder, best one that the server may write to and not delete from. */
function fileWitness(name: string, folder: string): Witness {
  return {
    name,
    async keep({ treeSize, note }) {
      await mkdir(folder, { recursive: true });
      const path = join(folder, fileNameOf(treeSize));
      const before = await readIfThere(path);
      if (before === note) return;
      // A log that was cut and made anew comes to the same size again: what was kept of the old one is the evidence.
      if (before !== null) throw new Error('the folder keeps another checkpoint of this size');
      const file = await open(`${path}.new`, 'w', 0o644);
      try {
        await file.writeFile(note);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.new`, path);
    },
  };
}

/** A receiver that answers 2xx when it has kept what it was sent, and has everything to check it first. */
function webhookWitness(address: string): Witness {
  const { origin, pathname } = new URL(address);
  // The operator names it, not a stranger: it may well stand in the same network.
  const send = createSafeFetch({ allowPrivate: true, ports: 'any' });
  return {
    name: origin + pathname,
    async keep({ treeSize, note, previousSize, consistency }) {
      const body = JSON.stringify({
        type: 'audit.checkpoint',
        tree_size: treeSize,
        checkpoint: note,
        previous_size: previousSize,
        consistency,
      });
      const answer = await send(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      if (answer.status < 200 || answer.status > 299) throw new Error(`the witness answered ${answer.status}`);
    },
  };
}

/** The witness that a line of the configuration names: `https://…`, or a folder. */
export function openWitness(place: string): Witness {
  if (/^https?:\/\//.test(place)) return webhookWitness(place);
  return fileWitness(place, place.replace(/^file:(\/\/)?/, ''));
}
