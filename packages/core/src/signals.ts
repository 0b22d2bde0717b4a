/**
 * What travels beside the text, in order with it: a window size, a masked input, a prompt. Core names none itself; a
 * package adds its own through the one specifier `@mudwire/core`:
 *
 * ```ts
 * declare module '@mudwire/core' {
 *   interface Signals {
 *     windowSize: { in: { readonly columns: number; readonly rows: number }; sticky: true }
 *     prompt: { out: undefined }
 *   }
 * }
 * ```
 *
 * `in` is what arrives, `out` what an owner may send. Of a `sticky` one the endpoint keeps the last value, for owners
 * that come later (`socket.last('windowSize')`).
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is there to be augmented.
export interface Signals {}

/** Names of the signals that may arrive. */
export type InboundSignalName = {
  [Name in keyof Signals]: Signals[Name] extends { in: unknown } ? Name : never
}[keyof Signals] &
  string
/** Names of the signals that an owner may send. */
export type OutboundSignalName = {
  [Name in keyof Signals]: Signals[Name] extends { out: unknown } ? Name : never
}[keyof Signals] &
  string
/** Names of the signals whose last value is kept. */
export type StickySignalName = {
  [Name in InboundSignalName]: Signals[Name] extends { sticky: true } ? Name : never
}[InboundSignalName]

/** What comes in with a signal of this name. */
export type InboundPayload<Name extends InboundSignalName> = Signals[Name] extends { in: infer Payload }
  ? Payload
  : never
/** What goes out with a signal of this name. */
export type OutboundPayload<Name extends OutboundSignalName> = Signals[Name] extends { out: infer Payload }
  ? Payload
  : never

/** A signal that has arrived, told apart by its `name`. */
export type InboundSignal = {
  [Name in InboundSignalName]: { readonly name: Name; readonly payload: InboundPayload<Name> }
}[InboundSignalName]
