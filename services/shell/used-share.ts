import type { MemoryUse } from './figure-store';

/** Of the memory that a store may have; 0 where nothing bounds it. */
export const usedShare = ({ usedBytes, mostBytes }: MemoryUse): number => (mostBytes === 0 ? 0 : usedBytes / mostBytes);
