import { cpus, release, totalmem } from 'node:os';

const GIGABYTE = 2 ** 30;

/** The machine that figures were measured on. */
export interface Machine {
  processor: string;
  cores: number;
  memoryGigabytes: number;
  system: string;
  node: string;
}

/** This machine. */
export function describeMachine(): Machine {
  const cores = cpus();
  return {
    processor: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryGigabytes: Math.round(totalmem() / GIGABYTE),
    // The kernel's line, without what a distributor or host adds to its name.
    system: `${process.platform} ${release().split('.').slice(0, 2).join('.')}`,
    node: process.version,
  };
}

/** The machine in one sentence without a full stop. */
export const machineLine = ({ processor, cores, memoryGigabytes, system, node }: Machine) =>
  `${processor} (${cores} cores, ${memoryGigabytes} GiB), ${system}, Node ${node.replace(/^v/, '')}`;
