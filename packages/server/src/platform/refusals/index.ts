/**
 * Refusals: the expected "no". Each room declares its own in a catalogue of stable codes; whoever answers turns one into bytes.
 * Apart from HTTP, so that a use case can refuse without loading a server.
 */
export { defineRefusals, listRefusals, Refusal, type RefusalEntry } from './refusal.ts';
