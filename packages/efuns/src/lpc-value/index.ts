/**
 * LPC values as text, the way `save_variable` and MUD-mode sockets write them.
 *
 * @packageDocumentation
 */
export { LpcLimitError, LpcTypeError } from './errors.ts'
export { formatLpcValue } from './format.ts'
export { LPC_READ_LIMITS, LPC_WRITE_LIMITS, type LpcLimits } from './limits.ts'
export { LpcFloat } from './lpc-float.ts'
export { type LpcResult, parseLpcValue } from './parse.ts'
export type { LpcValue } from './value.ts'
