import type { LpcFloat } from './lpc-float.ts'

/**
 * An LPC value as it arrives. Integers are numbers, or bigints beyond 2^53 - 1; floats are numbers, or an
 * {@link LpcFloat} where the value is whole; mappings are Maps, in the order in which they were written. As in any Map, a
 * key that is an array, a Map or an {@link LpcFloat} is equal to itself alone. Arrays and Maps belong to whoever receives
 * them.
 */
export type LpcValue = number | bigint | string | LpcFloat | LpcValue[] | Map<LpcValue, LpcValue>
