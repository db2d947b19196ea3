import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { openBucket, type S3Bucket } from '../../platform/aws-signature/index.ts';
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

// The operator names them, not a stranger: they may well stand in the same network.
const send = createSafeFetch({ allowPrivate: true, ports: 'any' });

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whether a checkpoint is kept already. Throws when another one of its size is. */
function isKept(before: string | null, note: string): boolean {
  // A log that was cut and made anew comes to the same size again: what was kept of the old one is the evidence.
  if (before !== null && before !== note) throw new Error('another checkpoint of this size is kept');
  return before !== null;
}

/** A folder, best one that the server may write to and not delete from. */
function fileWitness(name: string, folder: string): Witness {
  return {
    name,
    async keep({ treeSize, note }) {
      await mkdir(folder, { recursive: true });
      const path = join(folder, fileNameOf(treeSize));
      if (isKept(await readIfThere(path), note)) return;
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

/** What writing to S3 needs besides the name of a bucket. */
export type S3Access = Omit<S3Bucket, 'name'> & { clock: { now(): number } };

/** `s3://bucket/prefix`: an object for each checkpoint, best in a bucket with an object lock. */
function s3Witness(place: string, { clock, ...access }: S3Access): Witness {
  const { host: name, pathname } = new URL(place);
  const prefix = pathname.replace(/^\/|\/$/g, '');
  const bucket = openBucket({ fetch: send, clock }, { name, ...access });
  return {
    name: place,
    async keep({ treeSize, note }) {
      const key = [prefix, fileNameOf(treeSize)].filter(Boolean).join('/');
      if (isKept(await bucket.read(key), note)) return;
      await bucket.put({ key, contentType: 'text/plain; charset=utf-8', body: note }, { ifAbsent: true });
    },
  };
}

/** The witness that a line of the configuration names: `https://…`, `s3://bucket/prefix`, or a folder. */
export function openWitness(place: string, access: S3Access): Witness {
  if (place.startsWith('s3://')) return s3Witness(place, access);
  if (/^https?:\/\//.test(place)) return webhookWitness(place);
  return fileWitness(place, place.replace(/^file:(\/\/)?/, ''));
}
