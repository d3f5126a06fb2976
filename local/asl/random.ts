import { hash } from 'node:crypto';

/** A source of random numbers that gives the same ones for the same seed, so that a replay draws them again. */
export interface Random {
  /** From 0 up to, but not including, 1. */
  next(): number;
  /** A version 4 UUID. */
  uuid(): string;
}

/** Seeded by a text, such as an execution ARN and an event id. */
export function createRandom(seed: string): Random {
  let drawn = 0;
  const draw = (): Buffer => {
    drawn += 1;
    return hash('sha256', `${seed}\n${drawn}`, 'buffer');
  };
  return {
    next: () => draw().readUIntBE(0, 6) / 2 ** 48,
    uuid() {
      const bytes = draw().subarray(0, 16);
      bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6); // version 4
      bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8); // variant 1
      const hex = bytes.toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
  };
}
