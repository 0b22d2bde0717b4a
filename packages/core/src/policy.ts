import type { Address } from './address.ts'
import type { EndpointKind } from './observer.ts'
import type { OwnerRef } from './owner.ts'

/** Something that a policy is asked about, as plain facts. */
export interface PolicyRequest {
  /** What is about to be done. `accept` is the driver's offer of a connection that has just arrived. */
  readonly operation: 'listen' | 'connect' | 'bind' | 'accept' | 'release' | 'acquire'
  /** Who has it now, or asks for it. Absent for a connection that has just arrived. */
  readonly owner: OwnerRef | undefined
  /** Who is to get it: for `accept`, `release` and `acquire`. */
  readonly target: OwnerRef | undefined
  readonly kind: EndpointKind
  /** The transport's name. */
  readonly transport: string
  /** Absent while it is not known. */
  readonly local: Address | undefined
  /** Absent for a listener and a datagram socket, and while it is not known. */
  readonly remote: Address | undefined
}

/**
 * Says whether an operation may be done, MudOS's `valid_socket`. It answers at once, changes no socket, and is asked
 * before the state is looked at. If it throws, the operation is refused.
 */
export type Policy = (request: PolicyRequest) => boolean
